"""Code can be made anew and run."""


def main():
    return main.__code__.replace(co_consts=())

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
