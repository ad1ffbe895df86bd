"""With a default, what must not be read is not there."""


def main():
    return getattr((n for n in ()), "gi_frame", "held")

# ends: returned "held"
