"""A static method shares the contents of what it wraps in some Pythons; a facade stays as it is."""
import json


def main():
    shadow = staticmethod(json)
    shadow.dumps = len
    return json.dumps([1])

# ends: returned "[1]"
