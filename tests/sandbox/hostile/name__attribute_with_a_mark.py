"""The letter of private names may not be written."""


def main():
    return main.ˍx

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
