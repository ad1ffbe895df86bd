"""The module that stands for scripts among the interpreter's."""


def main():
    import script
    return str(script)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
