"""Modules out of archives."""


def main():
    import zipimport
    return str(zipimport)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
