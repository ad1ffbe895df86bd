"""A copy of what contains itself ends."""


def main():
    import copy
    a = []
    for _ in range(100000):
        a = [a]
    try:
        copy.deepcopy(a)
    except RecursionError:
        return "held"

# ends: returned "held"
