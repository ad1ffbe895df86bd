"""Any module by a text."""


def main():
    import importlib
    return str(importlib)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
