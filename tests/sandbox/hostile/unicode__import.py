"""NFKC turns the name of a module, too."""


def main():
    import oｓ

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
