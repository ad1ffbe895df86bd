"""A builtin class cannot be changed."""


def main():
    int.real = 1

# ends: faulted TypeError: cannot set 'real' attribute of immutable type 'int'
