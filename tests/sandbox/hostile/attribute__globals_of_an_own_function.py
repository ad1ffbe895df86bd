"""The globals of the script's own function hold the hooks."""


def main():
    return main.__globals__

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
