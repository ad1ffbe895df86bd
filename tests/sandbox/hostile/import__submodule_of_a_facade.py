"""A facade has no modules in it."""


def main():
    import json.decoder
    return json

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
