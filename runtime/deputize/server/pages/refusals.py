"""Why a call was refused, said in its place: as whom it was sent, what it needs, who has that, what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from deputize.use_cases.explain_refusal import Explained


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRefusal:
    """One refusal in words."""

    seq: int
    reason: str
    sent_as: str
    needs: Sequence[str]
    #: The initiator's roles now; None where that is not known, or not to be seen.
    has: Sequence[str] | None
    would_pass: Sequence[str]
    you_can: Sequence[str]


def shown_refusal(explained: Explained) -> ShownRefusal:
    """Return what is said of a refusal that has been *explained*."""
    entry, run = explained.entry, explained.run
    explain = entry.get("explain")
    known = explain if isinstance(explain, Mapping) else {}
    who = "the owner of the plan's endpoint: legacy" if run.legacy else "the initiator"
    return ShownRefusal(
        seq=int(str(entry["seq"])),
        reason=str(entry["reason"]),
        sent_as=f"{run.initiator.id}, {who}",
        needs=_texts(known.get("needs")),
        has=explained.roles,
        would_pass=[
            f"{each.who} ({', '.join(each.people)})"
            if each.people and each.who.startswith("role ")
            else each.who
            for each in explained.holders
        ],
        you_can=_options(explained),
    )


def _options(explained: Explained) -> list[str]:
    entry, run = explained.entry, explained.run
    options: list[str] = []
    if entry.get("explain") is not None and explained.changers:
        who = ", ".join(f"{name} ({', '.join(held)})" for name, held in explained.changers.items())
        options.append(f"Have it changed by who administers people or plans: {who}.")
    if entry["kind"] != "run.denied":
        script = entry.get("script")
        line = script.get("line") if isinstance(script, Mapping) else None
        where = f" at line {line}" if line is not None else ""
        options.append(f"Handle it in the script{where}: if response.refused: …")
    able = [name for each in explained.holders for name in each.people if name != run.initiator.id]
    if able:
        options.append(f"Have it set off by one who may: {', '.join(dict.fromkeys(able))}.")
    return options


def _texts(value: JsonValue) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []
