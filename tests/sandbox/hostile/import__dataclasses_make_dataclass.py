"""It makes a class of names that are texts."""


def main():
    from dataclasses import make_dataclass

# ends: rejected 5:29 IMPORT_NOT_ALLOWED
