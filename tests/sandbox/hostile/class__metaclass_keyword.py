"""A metaclass makes the class."""


def main():
    class A(metaclass=print):
        pass

# ends: rejected 5:13 SYNTAX_NOT_SUPPORTED
