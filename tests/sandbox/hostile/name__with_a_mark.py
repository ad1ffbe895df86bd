"""The letter of private names may not be written."""


def main():
    ˍx = 1
    return ˍx

# ends: rejected 5:5 NAME_NOT_ALLOWED; 6:12 NAME_NOT_ALLOWED
