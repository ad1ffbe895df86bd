"""The letter of private names may not be written."""


def main():
    match 1:
        case object(ˍx=1):
            return 1

# ends: rejected 6:14 ATTRIBUTE_NOT_ALLOWED
