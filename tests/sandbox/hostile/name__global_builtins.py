"""A global statement names what it binds."""


def main():
    global __builtins__
    __builtins__ = {}

# ends: rejected 5:5 NAME_NOT_ALLOWED; 6:5 NAME_NOT_ALLOWED
