"""The format of a field holds fields."""


def main():
    return f"{1:{main.__globals__}}"

# ends: rejected 5:18 ATTRIBUTE_NOT_ALLOWED
