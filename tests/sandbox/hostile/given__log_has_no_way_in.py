"""What can be read of log is data and methods."""


def main(log):
    names = ["_channel", "channel", "_fields", "fields", "_values", "_connection", "_secrets", "__dict__", "__slots__", "_name"]
    return [name for name in names if hasattr(log, name)]

# ends: returned []
