"""A namespace of builtins of its own, for all functions."""


__builtins__ = {"len": 1}
def main():
    return len

# ends: rejected 4:1 NAME_NOT_ALLOWED
