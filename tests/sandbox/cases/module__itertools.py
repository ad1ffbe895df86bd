import itertools
from itertools import accumulate, chain, combinations, count, cycle, groupby, islice, pairwise, permutations, product, zip_longest


def main():
    return [
        list(accumulate([1, 2, 3])), list(chain("ab", [1])), list(chain.from_iterable(["ab", "c"])), list(combinations("abc", 2)),
        list(islice(count(5, 2), 3)), list(islice(cycle("ab"), 3)), [[key, list(group)] for key, group in groupby("aabc")],
        list(pairwise("abc")), len(list(permutations(range(4)))), list(product("a", [1, 2])), list(zip_longest("ab", "c", fillvalue="-")),
        list(itertools.takewhile(lambda n: n < 3, count())), list(itertools.starmap(pow, [(2, 3)])), [list(each) for each in itertools.tee("ab")],
        list(itertools.compress("abc", [1, 0, 1])), list(itertools.filterfalse(str.isdigit, "a1")), list(itertools.repeat("x", 2)),
    ]

# ends: returned [[1, 3, 6], ["a", "b", 1], ["a", "b", "c"], [["a", "b"], ["a", "c"], ["b", "c"]], [5, 7, 9], ["a", "b", "a"], [["a", ["a", "a"]], ["b", ["b"]], ["c", ["c"]]], [["a", "b"], ["b", "c"]], 24, [["a", 1], ["a", 2]], [["a", "c"], ["b", "-"]], [0, 1, 2], [8], [["a", "b"], ["a", "b"]], ["a", "c"], ["a"], ["x", "x"]]
