"""What is given cannot be changed."""


def main(constants):
    for name in ("channel", "token", "get", "id", "kind"):
        try:
            setattr(constants, name, "spoilt")
        except (AttributeError, TypeError):
            continue
        return "reached"
    return "held"

# ends: returned "held"
