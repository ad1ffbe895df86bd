"""A cache takes over the raw contents of the class that it wraps, descriptors among them."""
import functools


def main():
    return functools.cache(AttributeError).obj

# ends: faulted AttributeError: "obj" of an AttributeError is not available
