"""The name of the frame as a text."""


def main():
    return getattr((n for n in ()), "gi_frame")

# ends: faulted AttributeError: "gi_frame" leads into the interpreter
