"""A module carries its loader."""


def main():
    import json
    return json.__loader__.get_data("/etc/passwd")

# ends: rejected 6:12 ATTRIBUTE_NOT_ALLOWED
