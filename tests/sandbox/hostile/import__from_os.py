"""One name of a module."""


def main():
    from os import environ
    return dict(environ)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
