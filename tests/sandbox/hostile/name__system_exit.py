"""The exception that ends the process."""


def main():
    raise SystemExit

# ends: rejected 5:11 NAME_NOT_ALLOWED
