"""What it has not bound is nowhere."""


def main():
    class A:
        x = __init__

# ends: faulted NameError: name '__init__' is not defined
