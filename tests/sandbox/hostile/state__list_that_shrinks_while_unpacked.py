"""A list that shrinks while it is unpacked."""


def main():
    class N(list):
        def __iter__(self):
            self.clear()
            return iter((1, 2))
    first, second = N([1, 2, 3])
    return [first, second]

# ends: returned [1, 2]
