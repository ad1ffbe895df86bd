"""Only annotations come from the future."""


def main():
    from __future__ import barry_as_FLUFL

# ends: rejected 5:5 SYNTAX_ERROR; 5:28 IMPORT_NOT_ALLOWED
