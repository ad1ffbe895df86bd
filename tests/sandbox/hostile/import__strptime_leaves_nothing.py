"""Parsing a date imports behind the scenes; nothing of it can be reached."""


def main():
    from datetime import datetime
    moment = datetime.strptime("2024", "%Y")
    return [moment.year, hasattr(datetime, "_strptime")]

# ends: returned [2024, false]
