"""The name of an encoding is the name of a file."""


def main():
    try:
        return b"x".decode("../../os")
    except LookupError as error:
        return type(error).__name__

# ends: returned "LookupError"
