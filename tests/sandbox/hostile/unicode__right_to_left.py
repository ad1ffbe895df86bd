"""Letters that turn the direction are no letters of a name."""


def main():
    x = "‮"; return main.__globals__

# ends: rejected 5:21 ATTRIBUTE_NOT_ALLOWED
