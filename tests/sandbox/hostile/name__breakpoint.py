"""The debugger."""


def main():
    breakpoint()

# ends: rejected 5:5 NAME_NOT_ALLOWED
