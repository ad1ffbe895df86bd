"""A field with an equals sign shows its expression."""


def main():
    return f"{main.__globals__=}"

# ends: rejected 5:15 ATTRIBUTE_NOT_ALLOWED
