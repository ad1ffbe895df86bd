"""Comparison is not identity."""


def main():
    class A:
        def __eq__(self, other):
            return True
        def __hash__(self):
            return hash("register")
    return [isinstance(A(), str), A() == "register"]

# ends: returned [false, true]
