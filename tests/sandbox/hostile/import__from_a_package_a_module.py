"""Python would look for a missing name among the real modules."""


def main():
    from urllib import request
    return request

# ends: rejected 5:24 IMPORT_NOT_ALLOWED
