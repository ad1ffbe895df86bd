"""Files by way of codecs."""


def main():
    import codecs
    return str(codecs)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
