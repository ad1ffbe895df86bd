"""What can be read of tickets is data and methods."""


def main(tickets):
    names = ["_channel", "channel", "_fields", "fields", "_values", "_connection", "_secrets", "__dict__", "__slots__", "_name"]
    return [name for name in names if hasattr(tickets, name)]

# ends: returned []
