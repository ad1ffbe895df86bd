"""A class that says it is from elsewhere."""


def main():
    from collections import namedtuple
    return namedtuple("A", "x", module="os")

# ends: faulted TypeError: namedtuple() got an unexpected keyword argument 'module'
