"""A leading underscore is for the script's own."""
_limit = 2


def _helper(_value, *, _extra=1):
    return _value + _extra + _limit


class Cache:
    _shared = "s"

    def __init__(self):
        self._items = {}
        self.__hidden = 1

    def _key(self, name):
        return name.lower()

    def put(self, name, value):
        self._items[self._key(name)] = value
        self.__hidden += 1
        return self

    def hidden(self):
        return self.__hidden


class Deep(Cache):
    def __init__(self):
        super().__init__()
        self.__hidden = 100

    def both(self):
        return [self.hidden(), self.__hidden, self._shared]


def main():
    deep = Deep().put("A", 1)
    deep._items["b"] = 2
    deep._count = 0
    deep._count += 1
    _, kept = (1, 2)
    __ = 3
    return [
        _helper(1, _extra=5), deep._items, deep.both(), deep._count, kept, __,
        getattr(deep, "_count"), hasattr(deep, "_nothing"), [_x for _x in range(2)],
    ]

# ends: returned [8, {"a": 1, "b": 2}, [2, 100, "s"], 1, 2, 3, 1, false, [0, 1]]
