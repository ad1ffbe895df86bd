"""An endless value is no JSON."""


def main():
    items = []
    items.append(items)
    return items

# ends: faulted ValueError: main returned a value nested deeper than 100 levels; does it contain itself?
