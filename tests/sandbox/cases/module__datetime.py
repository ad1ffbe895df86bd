from datetime import MINYEAR, UTC, date, datetime, time, timedelta, timezone


def main():
    moment = datetime(2024, 2, 29, 23, 30, tzinfo=UTC)
    vienna = moment.astimezone(timezone(timedelta(hours=1)))
    match moment:
        case datetime(year=2024, month=month):
            pass
    match moment.date():
        case date(day=day):
            pass
    return [
        moment.isoformat(), vienna.isoformat(), str(vienna.date()), (moment + timedelta(days=1, minutes=45)).isoformat(),
        (datetime(2024, 3, 1) - datetime(2024, 2, 1)).days, datetime.strptime("01.05.2024 10:15", "%d.%m.%Y %H:%M").isoformat(),
        moment.strftime("%A %d %B %Y, %I:%M %p"), datetime.fromisoformat("2024-05-01T10:00:00+02:00").timestamp(),
        date.fromisoformat("2024-05-01").weekday(), date(2024, 12, 30).isocalendar().week, repr(date(2024, 1, 2)),
        repr(datetime(2024, 1, 2, 3)), isinstance(moment, date), isinstance(moment.date(), datetime), type(moment.date()) is date,
        issubclass(datetime, date), date(2024, 1, 31) < date(2024, 2, 1), datetime.combine(date(2024, 1, 1), time(12)).isoformat(),
        isinstance(datetime.combine(date(2024, 1, 1), time(12)).date() + timedelta(1), date), moment.timetz().isoformat(),
        moment.replace(day=1).isoformat(), str(timedelta(hours=25)), timedelta(minutes=90) / timedelta(hours=1), month, day,
        datetime.fromtimestamp(0, UTC).isoformat(), MINYEAR, min(date(2024, 1, 2), date(2023, 1, 1)).year,
        {date(2024, 1, 1): "k"}[datetime(2024, 1, 1, 5).date()], datetime.min.year, date.max.isoformat(),
    ]

# ends: returned ["2024-02-29T23:30:00+00:00", "2024-03-01T00:30:00+01:00", "2024-03-01", "2024-03-02T00:15:00+00:00", 29, "2024-05-01T10:15:00", "Thursday 29 February 2024, 11:30 PM", 1714550400.0, 2, 1, "datetime.date(2024, 1, 2)", "datetime.datetime(2024, 1, 2, 3, 0)", true, false, true, true, true, "2024-01-01T12:00:00", true, "23:30:00+00:00", "2024-02-01T23:30:00+00:00", "1 day, 1:00:00", 1.5, 2, 29, "1970-01-01T00:00:00+00:00", 1, 2023, "k", 1, "9999-12-31"]
