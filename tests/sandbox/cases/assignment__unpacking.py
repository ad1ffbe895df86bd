def main():
    a, b = 1, 2
    a, b = b, a
    first, *middle, last = range(6)
    (x, (y, z)), w = [(1, (2, 3)), 4]
    [p, *q] = "abc"
    for key, (left, right) in {"k": (1, 2)}.items():
        pass
    chained = other = []
    chained.append(1)
    return [a, b, first, middle, last, x, y, z, w, p, q, key, left, right, other]

# ends: returned [2, 1, 0, [1, 2, 3, 4], 5, 1, 2, 3, 4, "a", ["b", "c"], "k", 1, 2, [1]]
