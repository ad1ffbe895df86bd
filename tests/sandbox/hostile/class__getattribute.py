"""A method that answers for every attribute."""


def main():
    class A:
        def __getattribute__(self, name):
            return name

# ends: rejected 6:9 NAME_NOT_ALLOWED
