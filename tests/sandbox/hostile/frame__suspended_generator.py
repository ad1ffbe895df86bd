"""Even whether it is suspended is introspection."""


def main():
    return (n for n in ()).gi_suspended

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
