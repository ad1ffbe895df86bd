"""The maker of instances."""


def main():
    return object.__new__(int)

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
