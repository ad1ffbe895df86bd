"""What is different between a recorded run and the same run again: requests, entries, result."""

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final, Literal

from pydantic import JsonValue

from deputize.activity.entries import ActivityEntry, ErrorEntry
from deputize.bundle.file import Bundle
from deputize.bundle.replay import Replayed
from deputize_client import Drift, SentRequest

#: Of the machine and of the moment, not of the script.
_NEVER_THE_SAME: Final = frozenset({"id", "run", "ts", "trace_id", "redacted"})
_OF_THE_MACHINE: Final = {
    "run.started": frozenset({"tier", "jail"}),
    "run.finished": frozenset({"wall_ms", "http_ms", "script_ms"}),
}
#: Of the workers that the run had, unless it is the last entry.
_OF_WORKERS: Final = frozenset({"run.resumed", "run.interrupted", "run.finished"})
_WORKERS_LOST: Final = "WORKERS_LOST"
#: Numbers of entries.
_NUMBERS: Final = frozenset({"seq", "exchange"})
_CONTEXT: Final = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is not as recorded."""

    what: Literal["request", "entry", "state", "result"]
    #: Which one, for people: ``request 3  POST https://…``.
    where: str
    #: Lines of ``-`` and ``+``, what was recorded and what is now.
    lines: tuple[str, ...]

    def as_json(self) -> dict[str, JsonValue]:
        """Return it as ``deputize replay --json`` prints it."""
        return {"what": self.what, "where": self.where, "lines": list(self.lines)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A replayed run beside the recorded one."""

    differences: tuple[Difference, ...]
    requests: int
    entries: int

    @property
    def identical(self) -> bool:
        """Whether nothing is different."""
        return not self.differences


def compare(bundle: Bundle, replayed: Replayed) -> Comparison:
    """Return how *replayed* differs from *bundle*.

    Another script has other lines and another hash, which is no difference by itself; its entries are
    compared without both.
    """
    same_script = replayed.run.script.sha256 == bundle.script.sha256
    before = _essences(bundle.activity, with_script=same_script)
    after = _essences(replayed.run.activity, with_script=same_script)
    differences = [*map(_drifted, replayed.drift)]
    if replayed.run.state is not bundle.run.state:
        lines = (f"- {bundle.run.state}", f"+ {replayed.run.state}")
        differences.append(Difference(what="state", where="state", lines=lines))
    if replayed.run.result != bundle.result:
        differences.append(
            Difference(what="result", where="result", lines=_lines(bundle.result, replayed.run.result))
        )
    differences += _entries(before, after)
    return Comparison(
        differences=tuple(differences), requests=len(bundle.har.log.entries), entries=len(bundle.activity)
    )


def _essences(activity: Sequence[ActivityEntry], *, with_script: bool) -> list[dict[str, Any]]:
    """Return what *activity* tells of the script, numbered as if no worker had ever ended."""
    own = [each for each in activity[:-1] if not _is_of_workers(each)] + [*activity[-1:]]
    numbers = {each.seq: number for number, each in enumerate(own, start=1)}
    essences = [_essence(each, with_script=with_script) for each in own]
    for each in essences:
        for name in _NUMBERS & each.keys():
            each[name] = numbers.get(each[name], each[name])
    return essences


def _is_of_workers(entry: ActivityEntry) -> bool:
    return entry.kind in _OF_WORKERS or (isinstance(entry, ErrorEntry) and entry.code == _WORKERS_LOST)


def _essence(entry: ActivityEntry, *, with_script: bool) -> dict[str, Any]:
    """Return what of *entry* depends on the script and on what it was answered."""
    document: dict[str, Any] = entry.model_dump(mode="json")
    left_out = _NEVER_THE_SAME | _OF_THE_MACHINE.get(entry.kind, frozenset())
    if not with_script:
        left_out |= {"script"}
        for each in document.get("traceback", ()):
            each.pop("line", None)
    return {name: value for name, value in document.items() if name not in left_out}


def _entries(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Iterator[Difference]:
    """Yield a difference for each entry that was added, left out or changed.

    Their numbers are not compared: one entry more would make all that follow different.
    """
    kept, made = ([_text({**each, "seq": None}) for each in entries] for entries in (before, after))
    matcher = difflib.SequenceMatcher(a=kept, b=made, autojunk=False)
    for tag, first, last, begin, end in matcher.get_opcodes():
        if tag == "equal":
            continue
        for old, new in zip_longest(range(first, last), range(begin, end)):
            was = None if old is None else before[old]
            now = None if new is None else after[new]
            named = was or now or {}
            yield Difference(
                what="entry",
                where=f"entry {named['seq']}  {named['kind']}",
                lines=_lines(_shown(was), _shown(now)),
            )


def _shown(entry: Mapping[str, Any] | None) -> JsonValue:
    return None if entry is None else {name: each for name, each in entry.items() if name != "seq"}


def _drifted(drift: Drift) -> Difference:
    named = drift.made or drift.recorded
    address = "" if named is None else f"{named.method} {named.url}"
    titles = {"changed": "changed", "new": "not recorded", "gone": "not made any more"}
    return Difference(
        what="request",
        where=f"request  {drift.endpoint}  {address}  {titles[drift.kind]}",
        lines=request_difference(drift.recorded, drift.made) if drift.kind == "changed" else (),
    )


def request_difference(recorded: SentRequest | None, made: SentRequest | None) -> tuple[str, ...]:
    """Return the lines in which two requests differ, ``-`` for the one that was recorded."""
    return _lines(_request(recorded), _request(made))


def _request(request: SentRequest | None) -> JsonValue:
    if request is None:
        return None
    text = (request.body or b"").decode("utf-8", "replace")
    try:
        body: JsonValue = json.loads(text)
    except ValueError:
        body = text
    return {"method": request.method, "url": request.url, "body": body}


def _lines(before: JsonValue, after: JsonValue) -> tuple[str, ...]:
    """Return the lines that differ, of both as indented JSON."""
    one, other = ("" if each is None else _text(each) for each in (before, after))
    if one == other:
        return ()
    changed = difflib.unified_diff(one.splitlines(), other.splitlines(), lineterm="", n=_CONTEXT)
    return tuple(
        f"{each[0]} {each[1:].rstrip()}"
        for each in changed
        if each[:1] in ("-", "+") and not each.startswith(("---", "+++"))
    )


def _text(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True)
