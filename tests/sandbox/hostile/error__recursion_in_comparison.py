"""Comparisons within comparisons end."""


def main():
    a, b = [], []
    a.append(b)
    b.append(a)
    return a == b

# ends: faulted RecursionError: maximum recursion depth exceeded in comparison
