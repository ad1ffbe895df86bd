"""A zone out of a buffer is made of its bytes."""


def main():
    from io import BytesIO
    from zoneinfo import ZoneInfo
    try:
        ZoneInfo.from_file(BytesIO(b"x"))
    except ValueError as error:
        return type(error).__name__

# ends: returned "ValueError"
