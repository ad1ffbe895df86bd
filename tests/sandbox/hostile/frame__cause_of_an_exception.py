"""The cause of an exception."""


def main():
    return ValueError().__cause__

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
