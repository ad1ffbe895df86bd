"""A mapping may say what it likes of its items."""


class M(dict):
    def items(self):
        yield "a", 1
        raise KeyError("mine")


def main():
    return M(a=1)

# ends: faulted KeyError: 'mine'
