"""Handlers open files and sockets."""


def main():
    import logging
    return str(logging)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
