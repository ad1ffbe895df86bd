"""All that Python has built in."""


def main():
    import builtins
    return str(builtins)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
