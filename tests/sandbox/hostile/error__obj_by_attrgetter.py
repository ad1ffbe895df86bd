"""CVE-2024-47532, by an operator."""


def main():
    from operator import attrgetter
    try:
        main.nothing
    except AttributeError as error:
        return str(attrgetter("obj")(error))

# ends: faulted AttributeError: "obj" of an AttributeError is not available
