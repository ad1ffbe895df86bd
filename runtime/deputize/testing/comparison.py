"""How what a run did differs from what a test expected, in words and without noise."""

import json
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final, get_args

from deputize.activity.entries import ActivityEntry, ErrorEntry, HttpExchange, LimitHit
from deputize.cli.describe import describe
from deputize.domain.run import Run
from deputize.testing.bench import Bench

#: Differences that are told; more are of no use to anybody.
_MOST: Final = 20
_SHORT: Final = 200
_ENTRIES: Final = get_args(get_args(ActivityEntry)[0])


def compare(op: str, left: object, right: object, bench: Bench) -> list[str] | None:
    """Return lines that say how *left* and *right* differ; None where pytest says it as well.

    Either may be what a run of *bench* has: its state, its result, whom its calls were sent as, its entries.
    """
    if op != "==":
        return None
    runs = [told.run for told in reversed(bench.runs) if told.run is not None]
    for run in runs:
        for got, expected in ((left, right), (right, left)):
            told = _told(run, got, expected)
            if told is not None:
                return told
    return None


def _told(run: Run, got: object, expected: object) -> list[str] | None:
    if got is run.state:
        return _states(run, expected)
    if isinstance(got, frozenset) and isinstance(expected, AbstractSet) and got == run.sent_as:
        return _identities(run, expected)
    if isinstance(got, tuple) and got and all(isinstance(each, _ENTRIES) for each in got):
        return _entries(got, expected)
    if got is run.result and isinstance(got, dict | list):
        return _values(got, expected)
    return None


def _states(run: Run, expected: object) -> list[str]:
    return [f"run.state is {run.state}, not {expected}", *_why(run)]


def _why(run: Run) -> Iterator[str]:
    """Say what ended a run that did not complete."""
    for entry in run.activity:
        if isinstance(entry, ErrorEntry | LimitHit):
            description = describe(entry)
            yield from ("  ".join((description.label, *description.what)), *description.below)


def _identities(run: Run, expected: AbstractSet[object]) -> list[str]:
    lines = [f"run.sent_as is {_names(run.sent_as)}, not {_names(expected)}"]
    for entry in run.activity:
        if isinstance(entry, HttpExchange) and entry.sent_as is not None:
            whom = entry.initiator.id if entry.sent_as == "initiator" else entry.sent_as
            if whom not in expected:
                lines.append(f"as {whom}: {entry.request.method} {entry.endpoint} {entry.request.url}")
    never = [str(each) for each in expected if each not in run.sent_as]
    return [*lines, *(f"as {each}: no call" for each in sorted(never))]


def _names(names: AbstractSet[object]) -> str:
    return "{" + ", ".join(sorted(map(repr, names))) + "}"


def _entries(got: Sequence[ActivityEntry], expected: object) -> list[str]:
    shown = [_line(each) for each in got]
    number = len(expected) if isinstance(expected, Sequence) else 0
    return [f"{len(got)} {'entry' if len(got) == 1 else 'entries'}, not {number}:", *shown]


def _line(entry: ActivityEntry) -> str:
    description = describe(entry)
    return "  ".join((f"{entry.seq} {description.words}", *description.what, *description.below))


def _values(got: object, expected: object) -> list[str]:
    differences = list(_differences("", got, expected))
    more = [f"and {len(differences) - _MOST} more"] if len(differences) > _MOST else []
    return ["run.result is not what was expected:", *differences[:_MOST], *more]


def _differences(where: str, got: Any, expected: Any) -> Iterator[str]:
    if isinstance(got, Mapping) and isinstance(expected, Mapping):
        for key in dict.fromkeys([*got, *expected]):
            place = f"{where}/{key}"
            if key not in expected:
                yield f"{place} is there: {_json(got[key])}"
            elif key not in got:
                yield f"{place} is missing; expected {_json(expected[key])}"
            else:
                yield from _differences(place, got[key], expected[key])
    elif isinstance(got, list) and isinstance(expected, list):
        for index in range(max(len(got), len(expected))):
            place = f"{where}/{index}"
            if index >= len(expected):
                yield f"{place} is there: {_json(got[index])}"
            elif index >= len(got):
                yield f"{place} is missing; expected {_json(expected[index])}"
            else:
                yield from _differences(place, got[index], expected[index])
    elif got != expected or type(got) is not type(expected):
        yield f"{where or 'it'} is {_json(got)}; expected {_json(expected)}"


def _json(value: object) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        text = repr(value)
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"
