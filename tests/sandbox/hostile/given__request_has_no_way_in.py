"""What can be read of request is data and methods."""


def main(request):
    names = ["_channel", "channel", "_fields", "fields", "_values", "_connection", "_secrets", "__dict__", "__slots__", "_name"]
    return [name for name in names if hasattr(request, name)]

# ends: returned []
