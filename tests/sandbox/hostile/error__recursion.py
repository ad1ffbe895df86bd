"""Calls within calls end."""


def main():
    return main()

# ends: faulted RecursionError: maximum recursion depth exceeded
