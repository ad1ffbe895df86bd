"""What can be read of constants is data and methods."""


def main(constants):
    names = ["_channel", "channel", "_fields", "fields", "_values", "_connection", "_secrets", "__dict__", "__slots__", "_name"]
    return [name for name in names if hasattr(constants, name)]

# ends: returned []
