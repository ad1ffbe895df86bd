"""The cell that super uses."""


def main():
    return __class__

# ends: rejected 5:12 NAME_NOT_ALLOWED
