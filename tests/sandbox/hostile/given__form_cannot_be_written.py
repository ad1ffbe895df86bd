"""What is given cannot be changed."""


def main(form):
    for name in ("channel", "token", "get", "id", "kind"):
        try:
            setattr(form, name, "spoilt")
        except (AttributeError, TypeError):
            continue
        return "reached"
    return "held"

# ends: returned "held"
