"""A function in a class is no body of a class."""


def main():
    class A:
        def f(self):
            def __getitem__(self):
                pass

# ends: rejected 7:13 NAME_NOT_ALLOWED
