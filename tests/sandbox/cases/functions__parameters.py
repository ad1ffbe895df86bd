def everything(a, b=2, /, c=3, *rest, d, e=5, **more):
    return [a, b, c, rest, d, e, more]


def defaults(items=[]):
    items.append(len(items))
    return items


def recursive(n):
    return 1 if n < 2 else n * recursive(n - 1)


def main():
    arguments, keywords = (1, 2), {"d": 4, "z": 9}
    try:
        everything(1)
    except TypeError as error:
        wrong = str(error)
    return [
        everything(1, d=4),
        everything(*arguments, 7, 8, 9, **keywords, e=6),
        defaults(),
        defaults(),
        recursive(20),
        (lambda *a, k=1, **m: [a, k, m])(1, k=2, j=3),
        wrong,
        callable(main),
        sorted(["b", "A", "c"], key=str.lower),
    ]

# ends: returned [[1, 2, 3, [], 4, 5, {}], [1, 2, 7, [8, 9], 4, 6, {"z": 9}], [0, 1], [0, 1], 2432902008176640000, [[1], 2, {"j": 3}], "everything() missing 1 required keyword-only argument: 'd'", true, ["A", "b", "c"]]
