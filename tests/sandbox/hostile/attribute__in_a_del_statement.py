"""Names are judged in every position."""


def main():
    del main.__code__

# ends: rejected 5:9 ATTRIBUTE_NOT_ALLOWED
