"""A replacement is called with the match."""


def main():
    import re
    return re.sub("a", lambda match: str(match.re.pattern), "a")

# ends: returned "a"
