"""What is given cannot be changed."""


def main(clock):
    for name in ("channel", "token", "get", "id", "kind"):
        try:
            setattr(clock, name, "spoilt")
        except (AttributeError, TypeError):
            continue
        return "reached"
    return "held"

# ends: returned "held"
