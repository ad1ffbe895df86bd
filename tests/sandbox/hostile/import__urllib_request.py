"""The network."""


def main():
    import urllib.request
    return str(urllib)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
