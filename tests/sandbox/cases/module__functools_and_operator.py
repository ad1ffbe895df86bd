import functools
import operator
from functools import cache, cached_property, cmp_to_key, lru_cache, partial, reduce, total_ordering


@total_ordering
class Size:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return self.n == other.n

    def __lt__(self, other):
        return self.n < other.n

    @cached_property
    def costly(self):
        calls.append(self.n)
        return self.n * 10


calls = []


@cache
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


@lru_cache(maxsize=2)
def square(n):
    calls.append(n)
    return n * n


def main():
    size = Size(2)
    costly = size.costly + size.costly
    square(3), square(3)
    rows = [{"n": 2, "o": size}, {"n": 1, "o": Size(5)}]
    return [
        fibonacci(50), costly, calls, square.cache_info().hits, Size(3) >= size, partial(int, base=2)("101"),
        reduce(operator.add, [1, 2, 3], 10), sorted([3, 1, 2], key=cmp_to_key(lambda a, b: b - a)),
        [row["n"] for row in sorted(rows, key=operator.itemgetter("n"))], operator.attrgetter("n")(size),
        operator.attrgetter("n", "costly")(size), operator.methodcaller("upper")("a"), operator.methodcaller("split", ",", maxsplit=1)("a,b,c"),
        [row["o"].n for row in sorted(rows, key=lambda row: operator.attrgetter("n")(row["o"]))], operator.concat([1], [2]),
        functools.partial(max, 5)(3, 9),
    ]

# ends: returned [12586269025, 40, [2, 3], 1, true, 5, 16, [3, 2, 1], [1, 2], 2, [2, 20], "A", ["a", "b,c"], [2, 5], [1, 2], 9]
