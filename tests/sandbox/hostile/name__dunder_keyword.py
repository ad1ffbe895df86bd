"""A keyword becomes a name."""


def main():
    return dict(__class__=1)

# ends: rejected 5:17 NAME_NOT_ALLOWED
