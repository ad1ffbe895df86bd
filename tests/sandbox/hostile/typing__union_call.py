"""A union is not called."""


def main():
    try:
        return (int | str)("1")
    except TypeError as error:
        return str(error)

# ends: returned "'types.UnionType' object is not callable"
