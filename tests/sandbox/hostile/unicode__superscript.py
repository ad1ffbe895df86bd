"""NFKC turns a raised letter into a plain one."""


def main():
    return main.__ᵍlobals__

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
