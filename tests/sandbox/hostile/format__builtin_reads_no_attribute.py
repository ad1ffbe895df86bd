"""The builtin takes a specification, no fields."""


def main():
    try:
        return ["reached", format(1, "{0.__class__}")]
    except ValueError as error:
        return type(error).__name__

# ends: returned "ValueError"
