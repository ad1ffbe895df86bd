from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones


def main():
    vienna = ZoneInfo("Europe/Vienna")
    before = datetime(2024, 3, 31, 1, 59, tzinfo=vienna)
    after = (before.astimezone(UTC) + timedelta(minutes=1)).astimezone(vienna)
    try:
        ZoneInfo("Nowhere/City")
    except ZoneInfoNotFoundError as error:
        wrong = str(error)
    return [
        before.isoformat(), after.isoformat(), before.tzname(), after.tzname(), vienna.key, str(vienna), ZoneInfo("Europe/Vienna") is vienna,
        datetime(2024, 7, 1, 12, tzinfo=ZoneInfo("America/Los_Angeles")).astimezone(ZoneInfo("Asia/Tokyo")).isoformat(),
        datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=vienna).utcoffset().total_seconds(), "UTC" in available_timezones(), wrong,
    ]

# ends: returned ["2024-03-31T01:59:00+01:00", "2024-03-31T03:00:00+02:00", "CET", "CEST", "Europe/Vienna", "Europe/Vienna", true, "2024-07-02T04:00:00+09:00", 3600.0, true, "'No time zone found with key Nowhere/City'"]
