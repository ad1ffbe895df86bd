"""A class out of a dict."""


def main():
    return type("A", (), {"__getattr__": 1})

# ends: faulted TypeError: type takes one value; to make a class, write a class statement
