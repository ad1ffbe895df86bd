"""A list that is another when it is read again."""


def main():
    from collections import namedtuple
    class Twice:
        def __init__(self):
            self.n = 0
        def __iter__(self):
            self.n += 1
            return iter(["x"] if self.n == 1 else ["x=print(1)"])
    return namedtuple("A", Twice())(5)

# ends: returned [5]
