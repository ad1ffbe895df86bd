"""Functions are made of code and globals."""


def main():
    class A(main):
        pass

# ends: faulted TypeError: a class inherits from classes, not from a value of type function
