"""What is given cannot be changed."""


def main(request):
    for name in ("channel", "token", "get", "id", "kind"):
        try:
            setattr(request, name, "spoilt")
        except (AttributeError, TypeError):
            continue
        return "reached"
    return "held"

# ends: returned "held"
