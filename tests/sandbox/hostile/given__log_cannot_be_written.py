"""What is given cannot be changed."""


def main(log):
    for name in ("channel", "token", "get", "id", "kind"):
        try:
            setattr(log, name, "spoilt")
        except (AttributeError, TypeError):
            continue
        return "reached"
    return "held"

# ends: returned "held"
