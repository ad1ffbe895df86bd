"""What is given cannot be changed."""


def main(http):
    for name in ("channel", "token", "get", "id", "kind"):
        try:
            setattr(http, name, "spoilt")
        except (AttributeError, TypeError):
            continue
        return "reached"
    return "held"

# ends: returned "held"
