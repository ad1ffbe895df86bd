"""The order of a set of texts is the same each time."""


def main():
    return list({"a", "b", "c", "d"})

# ends: returned ["d", "c", "a", "b"]
