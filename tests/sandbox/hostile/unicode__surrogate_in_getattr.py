"""Half a pair is no letter."""


def main():
    return getattr(main, "\ud800", "held")

# ends: returned "held"
