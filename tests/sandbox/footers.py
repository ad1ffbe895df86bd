"""Scripts as test data: a file holds a script and, in its last comments, how it must end."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Footer:
    """What the last comments of a script say of it."""

    #: ``returned JSON``, ``faulted TYPE: MESSAGE`` or ``rejected LINE:COLUMN CODE; …``.
    ends: str
    logs: tuple[str, ...] = ()
    #: Why Python itself ends it otherwise; empty when both must end alike.
    python: str = ""


def scripts(folder: str) -> list[Path]:
    """Return the scripts of *folder*."""
    return sorted((_FOLDER / folder).glob("*.py"))


def read_footer(script: Path) -> Footer:
    """Return what the last comments of *script* say."""
    said = {}
    for line in reversed(script.read_text().splitlines()):
        if not line.startswith("# "):
            break
        name, _, value = line.removeprefix("# ").partition(": ")
        said[name] = value
    newer = said.get("ends from 3.12") if sys.version_info >= (3, 12) else None
    return Footer(newer or said["ends"], tuple(json.loads(said.get("logs", "[]"))), said.get("python", ""))
