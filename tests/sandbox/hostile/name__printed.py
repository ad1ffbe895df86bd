"""The name that reads the collector."""


def main():
    return printed

# ends: rejected 5:12 NAME_UNKNOWN
