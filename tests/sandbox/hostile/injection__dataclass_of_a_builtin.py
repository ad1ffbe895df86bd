"""A builtin class is no dataclass."""


def main():
    from dataclasses import dataclass
    return dataclass(int)

# ends: faulted TypeError: a dataclass is made of a class of your own
