"""A decorator writes methods into a class."""


def main():
    from functools import total_ordering
    from deputize.script import Response
    try:
        total_ordering(Response)
    except ValueError as error:
        return str(error)

# ends: returned "must define at least one ordering operation: < > <= >="
