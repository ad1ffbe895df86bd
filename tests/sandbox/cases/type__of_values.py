from collections import Counter, OrderedDict, defaultdict, deque
from datetime import date, datetime, timedelta
from decimal import Decimal


class Own:
    pass


class Failed(Exception):
    pass


def main():
    values = [
        1, 1.5, "a", b"b", None, True, [1], (1,), {1: 2}, {1}, frozenset(), range(2), Own(), Failed(), ValueError("x"),
        Decimal(1), date(2024, 1, 1), datetime(2024, 1, 1), timedelta(1), Counter(), OrderedDict(), defaultdict(int),
        deque(), slice(1), 1j, ..., lambda: 0,
    ]
    return [
        [type(value).__name__ for value in values],
        type(1) is int,
        type("a") == str,
        type(Own()) is Own,
        type(None)() is None,
        type([])((1, 2)),
        Own().__class__ is Own,
        (3).__class__.__name__,
        type(main) == type(lambda: 0),
        isinstance(Own, type),
        isinstance(Own(), type),
        {int: "i", str: "s"}[type("x")],
    ]

# ends: returned [["int", "float", "str", "bytes", "NoneType", "bool", "list", "tuple", "dict", "set", "frozenset", "range", "Own", "Failed", "ValueError", "Decimal", "date", "datetime", "timedelta", "Counter", "OrderedDict", "defaultdict", "deque", "slice", "complex", "ellipsis", "function"], true, true, true, true, [1, 2], true, "int", true, true, false, "s"]
