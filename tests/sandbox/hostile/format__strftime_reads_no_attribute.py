"""The format of a date."""


def main():
    from datetime import date
    return date(2024, 1, 1).strftime("{0.__class__}")

# ends: returned "{0.__class__}"
