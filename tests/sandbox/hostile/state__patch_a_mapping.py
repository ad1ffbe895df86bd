"""A method of an abstract class can be exchanged; what it is handed is data."""


def main():
    from collections.abc import Mapping
    seen = []
    Mapping.get = lambda self, key, default=None: seen.append(type(self).__name__)
    from deputize.script import Headers
    Headers().get("x")
    return seen

# ends: returned ["Headers"]
