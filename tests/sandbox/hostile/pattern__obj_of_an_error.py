"""CVE-2024-47532: an AttributeError carries the object."""


def main():
    try:
        main.nothing
    except AttributeError as error:
        match error:
            case AttributeError(obj=o):
                return o

# ends: rejected 9:18 ATTRIBUTE_NOT_ALLOWED
