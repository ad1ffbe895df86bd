"""CPU-bound scripts as the dialect compiles them beside the same scripts as Python does, interleaved.

Usage: python tests/benchmarks/language_cost.py [ROUNDS]

Prints a median of paired ratios for each kernel and their geometric mean; 1.00 is Python's own speed.
"""

import marshal
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from deputize_guest.dialect import attributes, modules
from deputize_guest.dialect.compile_script import Compiled, compile_script
from deputize_guest.dialect.importer import Importer
from deputize_guest.dialect.kinds import SCRIPT
from deputize_guest.dialect.policy import GUARD
from deputize_guest.dialect.script_builtins import script_builtins

KERNELS = {
    "objects": """
class Account:
    def __init__(self, owner):
        self.owner = owner
        self.balance = 0
        self._moves = 0

    def add(self, amount):
        self.balance += amount
        self._moves += 1
        return self

def main():
    accounts = [Account(str(n)) for n in range(50)]
    for n in range(8000):
        account = accounts[n % 50]
        account.add(n)
        if account.balance > 10000:
            account.balance -= 10000
    return sum(account.balance for account in accounts)
""",
    "JSON mapping": """
import json

def main():
    document = json.dumps({"data": [{"id": n, "name": f"n{n}", "tags": ["a", "b"]} for n in range(120)]})
    kept = []
    for _ in range(6):
        for row in json.loads(document)["data"]:
            if row["id"] % 3 == 0:
                kept.append({"key": row["name"].upper(), "tags": sorted(row["tags"], reverse=True)})
    return len(json.dumps(kept))
""",
    "strings": """
def main():
    parts = []
    for n in range(4000):
        text = "item-" + str(n)
        parts.append(text.replace("-", "_").upper().strip("I"))
        if text.endswith("7") and "9" in text:
            parts.append(f"{text:>12}|{n:05d}")
    return len(",".join(parts).split("_"))
""",
    "loops": """
def main():
    total = 0
    for i in range(200):
        row = [0] * 100
        for j in range(100):
            row[j] += i * j % 7
            total += row[j] ^ j
    return total
""",
    "comprehensions": """
def main():
    squares = [n * n for n in range(3000)]
    table = {n: n % 13 for n in squares if n % 2}
    groups = {value: [key for key, each in table.items() if each == value][:3] for value in set(table.values())}
    return sum(len(each) for each in groups.values()) + sum(n for n in squares if n % 5 == 0)
""",
    "calls": """
import math

def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)

def apply(function, *values, scale=1):
    return function(*values) * scale

def main():
    return fibonacci(17) + sum(apply(math.hypot, n, n + 1, scale=2) for n in range(2000))
""",
}


def as_script(source: str) -> Callable[[], Any]:
    """Return ``main`` of *source* as a guest has it."""
    facades = modules.build()
    compiled = compile_script(source, "<script>", modules=modules.published(facades))
    assert isinstance(compiled, Compiled), compiled
    builtins = script_builtins(print_=print, import_=Importer(facades, lambda name: {}))
    names: dict[str, Any] = {"__builtins__": builtins, "__name__": SCRIPT, GUARD: attributes.read}
    exec(marshal.loads(compiled.code), names)  # noqa: S102, S302 - our own kernels
    main: Callable[[], Any] = names["main"]
    return main


def as_python(source: str) -> Callable[[], Any]:
    """Return ``main`` of *source* as Python has it."""
    names: dict[str, Any] = {"__name__": SCRIPT}
    exec(compile(source, "<script>", "exec"), names)  # noqa: S102 - our own kernels
    main: Callable[[], Any] = names["main"]
    return main


def timed(function: Callable[[], Any]) -> float:
    """Return how long *function* took, in milliseconds."""
    began = time.perf_counter()
    function()
    return (time.perf_counter() - began) * 1000


def main(rounds: int) -> None:
    """Measure and print."""
    print(
        f"Python {platform.python_version()} · {os.cpu_count()} processors · load {os.getloadavg()[0]:.2f} · "
        f"{rounds} interleaved rounds"
    )
    print(f"{'':<16} {'script':>10} {'Python':>10} {'paired ratio [quartiles]':>28}")
    medians = []
    for name, source in KERNELS.items():
        script, python = as_script(source), as_python(source)
        assert script() == python()
        ours, theirs = [], []
        for turn in range(rounds):
            # Whoever goes first has the colder caches: they take turns.
            first, second = (script, python) if turn % 2 else (python, script)
            times = {first: timed(first), second: timed(second)}
            ours.append(times[script])
            theirs.append(times[python])
        ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
        low, middle, high = statistics.quantiles(ratios, n=4)
        medians.append(middle)
        print(
            f"{name:<16} {statistics.median(ours):7.2f} ms {statistics.median(theirs):7.2f} ms"
            f" {middle:10.3f} [{low:.3f} … {high:.3f}]"
        )
    print(f"{'geometric mean':<38} {statistics.geometric_mean(medians):10.3f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 61)
