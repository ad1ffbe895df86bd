"""The rule of RestrictedPython looked at the column only."""


def main():
    if True:
        def __init__(self):
            pass

# ends: rejected 6:9 NAME_NOT_ALLOWED
