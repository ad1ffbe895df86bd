"""What is given cannot be changed."""


def main(secrets):
    for name in ("channel", "token", "get", "id", "kind"):
        try:
            setattr(secrets, name, "spoilt")
        except (AttributeError, TypeError):
            continue
        return "reached"
    return "held"

# ends: returned "held"
