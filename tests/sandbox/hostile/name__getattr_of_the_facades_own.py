"""What a facade keeps for itself."""


def main():
    import json
    return getattr(json, "_module", "held")

# ends: returned "held"
