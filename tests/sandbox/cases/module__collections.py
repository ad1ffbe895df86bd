from collections import ChainMap, Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence


class Registry(Mapping):
    def __init__(self, **items):
        self.items_ = items

    def __getitem__(self, key):
        return self.items_[key]

    def __iter__(self):
        return iter(self.items_)

    def __len__(self):
        return len(self.items_)


def main():
    counted = Counter("mississippi")
    counted.update("ss")
    grouped = defaultdict(list)
    for word in ("apple", "ant", "bee"):
        grouped[word[0]].append(word)
    window = deque(maxlen=2)
    for n in range(4):
        window.append(n)
    window.appendleft(9)
    window.rotate(1)
    ordered = OrderedDict(a=1, b=2)
    ordered.move_to_end("a")
    registry = Registry(x=1)
    return [
        counted.most_common(2), counted["q"], counted.total(), dict(grouped), list(window), list(ordered),
        ChainMap({"a": 1}, {"a": 2, "b": 3})["b"], isinstance([], Iterable), isinstance("", Sequence),
        registry.get("x"), registry.get("y", 0), "x" in registry, dict(registry), counted & Counter("ppp"),
    ]

# ends: returned [[["s", 6], ["i", 4]], 0, 13, {"a": ["apple", "ant"], "b": ["bee"]}, [2, 9], ["b", "a"], 3, true, true, 1, 0, true, {"x": 1}, {"p": 2}]
