"""What is given cannot be changed."""


def main(initiator):
    for name in ("channel", "token", "get", "id", "kind"):
        try:
            setattr(initiator, name, "spoilt")
        except (AttributeError, TypeError):
            continue
        return "reached"
    return "held"

# ends: returned "held"
