"""The dict of annotations can be filled with what is no name."""


def main():
    class A:
        x: int
    A.__annotations__["x = print"] = int

# ends: rejected 7:5 ATTRIBUTE_NOT_ALLOWED
