"""What is given cannot be changed."""


def main(callback):
    for name in ("channel", "token", "get", "id", "kind"):
        try:
            setattr(callback, name, "spoilt")
        except (AttributeError, TypeError):
            continue
        return "reached"
    return "held"

# ends: returned "held"
