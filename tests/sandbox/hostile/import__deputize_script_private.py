"""Of our own, only the types are there."""


def main():
    from deputize.script import Channel
    return Channel

# ends: rejected 5:33 IMPORT_NOT_ALLOWED
