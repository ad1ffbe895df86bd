class Opened:
    log = []

    def __enter__(self):
        self.log.append("enter")
        return self

    def __exit__(self, kind, error, traceback):
        self.log.append(None if kind is None else kind.__name__)
        return kind is KeyError


class Down:
    def __init__(self, start):
        self.n = start

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n


class Table:
    def __init__(self):
        self.cells = {}

    def __setitem__(self, key, value):
        self.cells[key] = value

    def __delitem__(self, key):
        del self.cells[key]

    def __getitem__(self, key):
        return self.cells[key]

    def __reversed__(self):
        return reversed(list(self.cells))


class Default(dict):
    def __missing__(self, key):
        return f"no {key}"


def main():
    with Opened() as opened, Opened():
        {}["x"]
    table = Table()
    table["a"], table["b"], table["c"] = 1, 2, 3
    del table["a"]
    return [opened.log, list(Down(3)), table["b"], list(reversed(table)), Default()["q"]]

# ends: returned [["enter", "enter", "KeyError", null], [2, 1, 0], 2, ["c", "b"], "no q"]
