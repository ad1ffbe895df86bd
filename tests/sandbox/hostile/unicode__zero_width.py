"""Letters without a width are no letters of a name."""


def main():
    return main.__glo​bals__

# ends: rejected 5:22 SYNTAX_ERROR
