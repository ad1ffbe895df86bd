"""A module under another name."""


def main():
    import os as json
    return json.environ

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
