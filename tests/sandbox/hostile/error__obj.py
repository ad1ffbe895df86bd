"""CVE-2024-47532: an AttributeError carries the object."""


def main():
    try:
        main.nothing
    except AttributeError as error:
        return str(error.obj)

# ends: faulted AttributeError: "obj" of an AttributeError is not available
