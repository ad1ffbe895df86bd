"""An import binds a name."""


def main():
    import json as __builtins__

# ends: rejected 5:5 NAME_NOT_ALLOWED
