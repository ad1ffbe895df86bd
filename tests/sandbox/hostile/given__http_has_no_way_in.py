"""What can be read of http is data and methods."""


def main(http):
    names = ["_channel", "channel", "_fields", "fields", "_values", "_connection", "_secrets", "__dict__", "__slots__", "_name"]
    return [name for name in names if hasattr(http, name)]

# ends: returned []
