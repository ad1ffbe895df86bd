"""Texts within texts end."""


def main():
    class A:
        def __repr__(self):
            return repr(self)
    return repr(A())

# ends: faulted RecursionError: maximum recursion depth exceeded while calling a Python object
# ends from 3.12: faulted RecursionError: maximum recursion depth exceeded
