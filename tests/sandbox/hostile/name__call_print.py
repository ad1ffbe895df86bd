"""The method of the collector."""


def main():
    return print._call_print

# ends: faulted AttributeError: 'function' object has no attribute '_call_print'
