"""A comparison may raise anywhere."""


def main():
    class K:
        def __hash__(self):
            return 1
        def __eq__(self, other):
            raise KeyError("mine")
    try:
        return len({K(), K()})
    except KeyError as error:
        return str(error)

# ends: returned "'mine'"
