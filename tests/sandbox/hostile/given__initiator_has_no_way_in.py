"""What can be read of initiator is data and methods."""


def main(initiator):
    names = ["_channel", "channel", "_fields", "fields", "_values", "_connection", "_secrets", "__dict__", "__slots__", "_name"]
    return [name for name in names if hasattr(initiator, name)]

# ends: returned []
