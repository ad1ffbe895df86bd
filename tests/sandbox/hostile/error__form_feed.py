"""A form feed is blank."""


def main():
    x = 1

    return x

# ends: returned 1
