"""NFKC turns full-width letters into plain ones."""


def main():
    return ｅval("1")

# ends: rejected 5:12 NAME_NOT_ALLOWED
