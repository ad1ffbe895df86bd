"""What can be read of clock is data and methods."""


def main(clock):
    names = ["_channel", "channel", "_fields", "fields", "_values", "_connection", "_secrets", "__dict__", "__slots__", "_name"]
    return [name for name in names if hasattr(clock, name)]

# ends: returned []
