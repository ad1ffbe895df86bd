"""The same, through a pattern."""


def main():
    from collections.abc import Mapping
    match Mapping:
        case object(register=r):
            return ["reached", r(object)]

# ends: rejected 7:14 ATTRIBUTE_NOT_ALLOWED
