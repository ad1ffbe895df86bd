"""The keys of a mapping pattern read attributes."""


def main():
    match {}:
        case {main.__code__: x}:
            return x

# ends: rejected 6:15 ATTRIBUTE_NOT_ALLOWED
