"""The fields of an f-string are expressions."""


def main():
    return f"{main.__globals__}"

# ends: rejected 5:15 ATTRIBUTE_NOT_ALLOWED
