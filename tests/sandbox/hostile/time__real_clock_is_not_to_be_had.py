"""Two readings without a call between them are equal."""


def main():
    import time
    from datetime import datetime, date
    return [time.time() == time.time(), datetime.now() == datetime.now(), time.monotonic(), time.perf_counter(), str(date.today()), time.strftime("%Y-%m-%d %H:%M"), time.ctime(), datetime.now().isoformat()]

# ends: returned [true, true, 0.0, 0.0, "2024-05-01", "2024-05-01 10:00", "Wed May  1 10:00:00 2024", "2024-05-01T10:00:00"]
