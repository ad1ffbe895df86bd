"""What can be read of callback is data and methods."""


def main(callback):
    names = ["_channel", "channel", "_fields", "fields", "_values", "_connection", "_secrets", "__dict__", "__slots__", "_name"]
    return [name for name in names if hasattr(callback, name)]

# ends: returned []
