"""The help imports and pages."""


def main():
    help()

# ends: rejected 5:5 NAME_NOT_ALLOWED
