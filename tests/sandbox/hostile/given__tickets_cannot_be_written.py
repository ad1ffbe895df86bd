"""What is given cannot be changed."""


def main(tickets):
    for name in ("channel", "token", "get", "id", "kind"):
        try:
            setattr(tickets, name, "spoilt")
        except (AttributeError, TypeError):
            continue
        return "reached"
    return "held"

# ends: returned "held"
