"""The class of moments is the run's own."""


def main():
    from datetime import datetime
    datetime.now = classmethod(lambda cls, tz=None: "spoilt")
    return datetime.now()

# ends: returned "spoilt"
