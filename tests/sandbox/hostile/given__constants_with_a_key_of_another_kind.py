"""A key that is no text is not there."""


def main(constants):
    try:
        return constants[["a"]]
    except (KeyError, TypeError) as error:
        return type(error).__name__

# ends: returned "TypeError"
