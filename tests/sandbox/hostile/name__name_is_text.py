"""The name of the script is no name of a module."""


def main():
    return __name__

# ends: returned "script"
