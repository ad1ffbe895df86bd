"""The namespace of all builtins."""


def main():
    return __builtins__["open"]

# ends: rejected 5:12 NAME_NOT_ALLOWED
