"""There are no escapes in names."""


def main():
    return main.\u005f\u005fglobals__

# ends: rejected 5:18 SYNTAX_ERROR
