"""An alias calls the class."""


def main():
    return list[int]("ab")

# ends: returned ["a", "b"]
