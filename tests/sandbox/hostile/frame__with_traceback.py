"""An exception takes a traceback; it could give one too."""


def main():
    return ValueError().with_traceback(None)

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
