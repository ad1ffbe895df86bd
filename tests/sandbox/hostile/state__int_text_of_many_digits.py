"""A number of too many digits to be a text."""


def main():
    try:
        return str(10**5000)
    except ValueError as error:
        return type(error).__name__

# ends: returned "ValueError"
