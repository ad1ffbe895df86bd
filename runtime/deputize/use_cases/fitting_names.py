"""Gives what comes out of a plan file names that can be asked for, each once, and says where they differ."""

import re
from collections.abc import Iterator

from deputize.plan_file.records import LONGEST_NAME
from deputize.use_cases.import_report import ToDo

_SLASHES = re.compile(r"[/\\]+")
_BLANKS = re.compile(r"\s+")


class FittingNames:
    """The names of one kind of thing, such as ``form``, within the plan *plan*."""

    def __init__(self, kind: str, plan: str) -> None:
        self._kind = kind
        self._plan = plan
        self._given: set[str] = set()
        self.to_do: list[ToDo] = []

    def fit(self, name: str) -> str:
        """Return *name*, or one near to it where *name* is unfit or taken."""
        given = next(each for each in _candidates(fitting_name(name)) if each not in self._given)
        self._given.add(given)
        if given != name:
            self.to_do.append(
                ToDo(
                    kind="name",
                    target=f"{self._kind}:{self._plan}/{given}",
                    detail=f'In the file it is called "{name}", which cannot be its name here or is another '
                    "one's.",
                )
            )
        return given


def fitting_name(name: str) -> str:
    """Return *name* as it can stand in an address: no slash, no control character, no blank around it."""
    text = _BLANKS.sub(" ", _SLASHES.sub("-", name))
    text = "".join(each for each in text if each.isprintable()).strip()[:LONGEST_NAME].strip()
    return "unnamed" if text in ("", ".", "..") else text


def _candidates(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        mark = f" ({number})"
        yield name[: LONGEST_NAME - len(mark)].rstrip() + mark
        number += 1
