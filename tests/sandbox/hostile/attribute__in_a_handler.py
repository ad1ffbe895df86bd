"""The class of a handler is an expression."""


def main():
    try:
        pass
    except main.__class__.__base__:
        pass

# ends: rejected 7:12 ATTRIBUTE_NOT_ALLOWED
