"""A sort that changes what is sorted."""


def main():
    items = [3, 1, 2]
    def key(n):
        items.clear()
        return n
    try:
        items.sort(key=key)
    except ValueError as error:
        return str(error)

# ends: returned null
