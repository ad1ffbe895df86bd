"""A comprehension in a class is a scope of its own."""


def main():
    class A:
        x = [__eq__ for __eq__ in (1,)]

# ends: rejected 6:14 NAME_NOT_ALLOWED; 6:25 NAME_NOT_ALLOWED
