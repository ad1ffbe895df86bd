"""An object that changes its class."""


def main():
    class A:
        pass
    A().__class__ = dict

# ends: rejected 7:5 ATTRIBUTE_NOT_ALLOWED
