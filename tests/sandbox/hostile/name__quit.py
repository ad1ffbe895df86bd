"""The end of the process."""


def main():
    quit()

# ends: rejected 5:5 NAME_NOT_ALLOWED
