"""A builtin class cannot be changed."""


def main():
    setattr(dict, "get", print)

# ends: faulted TypeError: cannot set 'get' attribute of immutable type 'dict'
