"""Runs scripts under Python itself, outside of any sandbox, and tells how each ended.

Usage: python plain_python.py SCRIPT…
"""

import json
import sys
import types
from pathlib import Path
from typing import Any


def end_of(script: Path) -> list[Any]:
    """Return how *script* ends, in the words of footers, and what it prints."""
    logs: list[str] = []
    module = types.ModuleType("script")
    # Where dataclass looks for the names in annotations.
    sys.modules["script"] = module

    def print_(*values: object, sep: str = " ", end: str = "\n", file: Any = None) -> None:
        text = sep.join(map(str, values))
        if file is None:
            logs.append(text)
        else:
            file.write(text + end)

    vars(module)["print"] = print_
    try:
        exec(compile(script.read_text(), "script.py", "exec"), vars(module))  # noqa: S102 - our own cases
        ends = f"returned {json.dumps(module.main(), ensure_ascii=False)}"
    except Exception as error:
        ends = f"faulted {type(error).__name__}: {error}"
    return [ends, logs]


if __name__ == "__main__":
    json.dump({each: end_of(Path(each)) for each in sys.argv[1:]}, sys.stdout)
