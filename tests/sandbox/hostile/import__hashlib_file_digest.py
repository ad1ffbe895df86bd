"""It reads files."""


def main():
    from hashlib import file_digest

# ends: rejected 5:25 IMPORT_NOT_ALLOWED
