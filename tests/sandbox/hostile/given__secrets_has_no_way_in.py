"""What can be read of secrets is data and methods."""


def main(secrets):
    names = ["_channel", "channel", "_fields", "fields", "_values", "_connection", "_secrets", "__dict__", "__slots__", "_name"]
    return [name for name in names if hasattr(secrets, name)]

# ends: returned []
