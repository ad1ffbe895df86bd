"""A key that is another each time."""


def main():
    class K:
        n = 0
        def __hash__(self):
            K.n += 1
            return K.n
        def __eq__(self, other):
            return True
    d = {K(): 1}
    return [len(d), K() in d]

# ends: returned [1, false]
