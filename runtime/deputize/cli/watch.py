"""``--watch``: does something again whenever a file of the project has changed."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from deputize.cli.errors import ExitCode, report
from deputize.cli.terminal import Terminal
from deputize.errors import DeputizeError

_SUFFIXES: Final = frozenset({".py", ".json", ".toml"})
#: Often enough to feel like at once, and too seldom to be noticed by the machine.
_SECONDS: Final = 0.3

#: When each file was changed, and its size.
_Seen = Mapping[Path, tuple[int, int]]


def watch(do: Callable[[], object], *, folder: Path, files: Sequence[Path], terminal: Terminal) -> ExitCode:
    """Call *do*, and again after each change in *folder* or of *files*, until Ctrl-C.

    What *do* raises of this product's errors is told, and the next change waited for.
    """
    try:
        while True:
            seen = dict(_state(folder, files))
            try:
                do()
            except DeputizeError as error:
                report(terminal, error, as_json=False)
            terminal.say("Watching the project for changes. Ctrl-C ends it.")
            changed = _wait(seen, folder, files)
            terminal.say(f"{', '.join(each.name for each in changed)} changed.")
    except KeyboardInterrupt:
        return ExitCode.BY_KEYBOARD


def _wait(seen: _Seen, folder: Path, files: Sequence[Path]) -> list[Path]:
    while True:
        now = dict(_state(folder, files))
        if now != seen:
            return sorted(path for path in {*now, *seen} if now.get(path) != seen.get(path))
        time.sleep(_SECONDS)


def _state(folder: Path, files: Sequence[Path]) -> Iterator[tuple[Path, tuple[int, int]]]:
    inside = (path for path in folder.rglob("*") if path.suffix in _SUFFIXES and not _hidden(path, folder))
    for path in {*inside, *files}:
        try:
            found = path.stat()
        except OSError:
            # Deleted in between, or replaced by an editor at this moment.
            continue
        yield path, (found.st_mtime_ns, found.st_size)


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith((".", "__")) for part in path.relative_to(folder).parts)
