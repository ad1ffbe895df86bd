"""CVE-2024-47532, with the name as a text."""


def main():
    try:
        main.nothing
    except AttributeError as error:
        return getattr(error, "obj", "held")

# ends: returned "held"
