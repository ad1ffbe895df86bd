"""The namespace of a class has descriptors for dict and weakref."""


def main():
    class A:
        pass
    return vars(A)

# ends: faulted TypeError: vars takes an object of a class of your own
