"""The target is evaluated once, and before the value."""
calls = []


def note(name, value):
    calls.append(name)
    return value


class Counter:
    total = 0


def main():
    counter = Counter()
    counter.total += 2
    counter.total *= 5
    table = {"n": [1]}
    table["n"] += [2]
    note("object", table)[note("key", "n")] += note("value", [3])
    numbers = [1, 2, 3]
    numbers[0] -= 1
    numbers[1:] *= 2
    bits = 6
    bits &= 3
    bits |= 8
    bits ^= 1
    bits <<= 2
    bits >>= 1
    power = 2
    power **= 5
    power //= 3
    power %= 7
    return [counter.total, table, numbers, bits, power, calls]

# ends: returned [10, {"n": [1, 2, 3]}, [0, 2, 3, 2, 3], 22, 3, ["object", "key", "value"]]
