"""The function behind the statement."""


def main():
    return __import__("os").environ

# ends: rejected 5:12 NAME_NOT_ALLOWED
