"""What can be read of form is data and methods."""


def main(form):
    names = ["_channel", "channel", "_fields", "fields", "_values", "_connection", "_secrets", "__dict__", "__slots__", "_name"]
    return [name for name in names if hasattr(form, name)]

# ends: returned []
