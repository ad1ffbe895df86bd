"""An index that empties the bytes."""


def main():
    data = bytearray(b"abc")
    class I:
        def __index__(self):
            data.clear()
            return 2
    try:
        data[I()] = 1
    except IndexError as error:
        return str(error)

# ends: returned "bytearray index out of range"
