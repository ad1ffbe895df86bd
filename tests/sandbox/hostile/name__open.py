"""A file."""


def main():
    return open("/etc/passwd").read()

# ends: rejected 5:12 NAME_NOT_ALLOWED
