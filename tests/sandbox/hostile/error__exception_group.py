"""CVE-2025-22153: groups are for except*."""


def main():
    raise ExceptionGroup("x", [ValueError()])

# ends: rejected 5:11 NAME_NOT_ALLOWED
