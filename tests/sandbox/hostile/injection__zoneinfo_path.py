"""The name of a zone is the name of a file."""


def main():
    from zoneinfo import ZoneInfo
    return ZoneInfo("../../../../etc/passwd")

# ends: faulted ZoneInfoNotFoundError: 'No time zone found with key ../../../../etc/passwd'
