def main():
    pairs = [(x, y) for x in range(3) if x for y in "ab" if y != "b" or x > 1]
    table = {key: value for key, value in zip("abc", [1, 2, 3])}
    letters = sorted({letter.upper() for letter in "hello"})
    lazy = (n * n for n in range(4))
    nested = [[cell for cell in row if cell] for row in [[0, 1], [2, 0]]]
    return [pairs, table, letters, sum(lazy), nested, [*range(2), *"ab"], {**table, "d": 4}]

# ends: returned [[[1, "a"], [2, "a"], [2, "b"]], {"a": 1, "b": 2, "c": 3}, ["E", "H", "L", "O"], 14, [[1], [2]], [0, 1, "a", "b"], {"a": 1, "b": 2, "c": 3, "d": 4}]
