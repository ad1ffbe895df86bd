count = 0


def counter(start):
    value = start

    def step(by=1):
        nonlocal value
        global count
        value += by
        count += 1
        return value

    return step, lambda: value


def main():
    step, read = counter(10)
    step()
    step(5)
    makers = [lambda n=n: n * 2 for n in range(3)]
    return [read(), count, [make() for make in makers]]

# ends: returned [16, 2, [0, 2, 4]]
