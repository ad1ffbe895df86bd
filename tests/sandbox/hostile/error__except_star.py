"""CVE-2025-22153: except* confuses types in the interpreter."""


def main():
    try:
        pass
    except* ValueError:
        pass

# ends: rejected 5:5 SYNTAX_NOT_SUPPORTED
