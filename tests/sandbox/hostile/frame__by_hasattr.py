"""What must not be read is not there."""


def main():
    return hasattr((n for n in ()), "gi_frame")

# ends: returned false
