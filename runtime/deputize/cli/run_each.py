"""``deputize run --as alice,bob``: the same script as several users, and their calls side by side."""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from pydantic import JsonValue

from deputize.activity.entries import HttpExchange
from deputize.cli.errors import ExitCode, exit_code
from deputize.cli.marks import ABSENT, ANSWERED, FAILED, OK, REFUSED
from deputize.cli.table import Cell, Value, write_table
from deputize.cli.terminal import Terminal
from deputize.domain.run import Run
from deputize.runtime import Runtime

_BAD_REQUEST: Final = 400
#: Characters of a value of the result that are shown.
_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class _Call:
    """A call as it can be found again in another run: the *number*-th of its kind."""

    method: str
    endpoint: str
    path: str
    number: int


def run_as_each(
    users: Sequence[str],
    *,
    open_runtime: Callable[[], Runtime],
    script: str,
    payload: JsonValue,
    kind: str | None,
) -> tuple[Run, ...]:
    """Run *script* as each of *users*, each on a platform of their own, so that none finds another's traces.

    Raises the errors of ``Runtime.run``; ``UnknownUser`` before it runs as anybody.
    """

    async def require_all() -> None:
        async with open_runtime() as runtime:
            for user in users:
                await runtime.principal(user, via="cli")

    async def run(user: str) -> Run:
        async with open_runtime() as runtime:
            ended = await runtime.run(script, payload=payload, initiator=user, kind=kind, via="cli")
            await runtime.settled()
            return ended

    async def run_all() -> tuple[Run, ...]:
        await require_all()
        return tuple([await run(user) for user in users])

    return asyncio.run(run_all())


def write_side_by_side(terminal: Terminal, runs: Sequence[Run]) -> None:
    """Write the calls of *runs*, a line each, and what became of them in a column for each run."""
    calls = [dict(_calls(run)) for run in runs]
    rows: list[Sequence[Value]] = []
    for call in _merged([list(each) for each in calls]):
        cells = [_cell(each.get(call)) for each in calls]
        rows.append((call.method, call.endpoint, call.path, *cells))
    rows += _results(runs)
    rows.append(("", "", "state", *(str(run.state) for run in runs)))
    write_table(terminal, ("Call", "Endpoint", "Path", *(f"as {run.initiator.id}" for run in runs)), rows)


def worst(runs: Sequence[Run], *, strict: bool) -> ExitCode:
    """Return the highest of the exit codes of *runs*."""
    return max(exit_code(run, strict=strict) for run in runs)


def _calls(run: Run) -> Iterator[tuple[_Call, HttpExchange]]:
    seen: dict[tuple[str, str, str], int] = {}
    for entry in run.activity:
        if isinstance(entry, HttpExchange):
            url = urlsplit(entry.request.url)
            # Without the host: every platform has a port of its own.
            path = url.path + (f"?{url.query}" if url.query else "")
            key = (entry.request.method, entry.endpoint, path)
            seen[key] = seen.get(key, 0) + 1
            yield _Call(*key, seen[key]), entry


def _merged(orders: Sequence[Sequence[_Call]]) -> list[_Call]:
    """Return every call once; what only one run has stands behind what it follows there."""
    merged: list[_Call] = []
    for order in orders:
        place = 0
        for call in order:
            if call in merged:
                place = max(place, merged.index(call) + 1)
            else:
                merged.insert(place, call)
                place += 1
    return merged


def _cell(entry: HttpExchange | None) -> Cell:
    if entry is None:
        return Cell(text="not made", mark=ABSENT)
    if entry.error is not None:
        return Cell(text=entry.error.cause, mark=FAILED)
    if entry.refused:
        return Cell(text=f"{entry.status_code} refused", mark=REFUSED)
    bad = entry.status_code is not None and entry.status_code >= _BAD_REQUEST
    return Cell(text=str(entry.status_code), mark=ANSWERED if bad else OK)


def _results(runs: Sequence[Run]) -> Iterator[Sequence[Value]]:
    results = [run.result for run in runs]
    keys: dict[str, None] = {}
    for result in results:
        if isinstance(result, dict):
            keys.update(dict.fromkeys(result))
    if not keys:
        yield ("", "", "result", *map(_short, results))
    for key in keys:
        values = [_short(result.get(key)) if isinstance(result, dict) else "–" for result in results]
        yield ("", "", f"result.{key}", *values)


def _short(value: JsonValue) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
