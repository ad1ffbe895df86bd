"""The type of a generator has members for frame and code."""


def main():
    return hasattr((n for n in ()).__class__, "gi_frame")

# ends: returned false
