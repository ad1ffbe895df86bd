"""An index that empties the list."""


def main():
    items = [1, 2, 3]
    class I:
        def __index__(self):
            items.clear()
            return 2
    try:
        return items[I()]
    except IndexError as error:
        return str(error)

# ends: returned "list index out of range"
