"""A class of ours is no dataclass."""


def main():
    from dataclasses import dataclass
    from deputize.script import Response
    return dataclass(Response)

# ends: faulted TypeError: a dataclass is made of a class of your own
