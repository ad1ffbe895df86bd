def main():
    return [
        abs(-3), all([1, 0]), any([0, 1]), ascii("ä"), bin(5), bool([]), bytes([65]).decode(), chr(97), divmod(7, 2),
        list(enumerate("ab", 1)), list(filter(None, [0, 1, 2])), float("1.5"), frozenset("a") == {"a"}, hash("a") == hash("a"),
        hex(255), int("ff", 16), isinstance(1, (int, str)), list(iter([1, 2])), len("abc"), list(map(lambda a, b: a + b, [1], [2])),
        max(3, 1), min("b", "a"), max([1, 5], key=lambda n: -n), next(iter("z")), oct(8), ord("a"), pow(2, 5, 7), list(range(5, 0, -2)), repr("q"),
        list(reversed([1, 2])), round(2.567, 1), round(2.5), sorted([3, 1, 2], reverse=True), str(1.0), sum([1, 2], 10),
        tuple("ab"), list(zip("ab", [1, 2])), bytearray(b"ab").upper().decode(), complex("1+2j").imag, callable(len),
        issubclass(bool, int), slice(1, 5, 2).indices(10), dict(a=1, **{"b": 2}), set([1]) | {2} == {1, 2}, format(255, "b"),
        getattr("abc", "upper")(), getattr(1, "nothing", "default"), hasattr([], "append"), vars is not None,
    ]

# ends: returned [3, false, true, "'\\xe4'", "0b101", false, "A", "a", [3, 1], [[1, "a"], [2, "b"]], [1, 2], 1.5, true, true, "0xff", 255, true, [1, 2], 3, [3], 3, "a", 1, "z", "0o10", 97, 4, [5, 3, 1], "'q'", [2, 1], 2.6, 2, [3, 2, 1], "1.0", 13, ["a", "b"], [["a", 1], ["b", 2]], "AB", 2.0, true, true, [1, 5, 2], {"a": 1, "b": 2}, true, "11111111", "ABC", "default", true, true]
