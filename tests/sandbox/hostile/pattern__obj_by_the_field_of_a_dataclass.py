"""CVE-2024-47532, by the position of a field."""


def main():
    from dataclasses import dataclass
    @dataclass
    class A(AttributeError):
        obj: int
    try:
        main.nothing
    except AttributeError as error:
        match error:
            case A(o):
                return ["reached", str(o)]
            case _:
                return "held"

# ends: returned "held"
