"""Another way to make a zone."""


def main():
    from zoneinfo import ZoneInfo
    return ZoneInfo.no_cache("../etc/passwd")

# ends: faulted ZoneInfoNotFoundError: 'No time zone found with key ../etc/passwd'
