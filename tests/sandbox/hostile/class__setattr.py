"""A method that sees every attribute that is set."""


def main():
    class A:
        def __setattr__(self, name, value):
            pass

# ends: rejected 6:9 NAME_NOT_ALLOWED
