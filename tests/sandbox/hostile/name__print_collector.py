"""CVE-2026-55830: the collector of print carries the guard."""


def main():
    return _print

# ends: rejected 5:12 NAME_UNKNOWN
