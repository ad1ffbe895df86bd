"""Whether an inbound integration has been led over, could be, or what stands in the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from deputize.domain.integration import Integration, ScriptVersion
from deputize.domain.legacy import Shadow, ShadowFinding, Verdict
from deputize.use_cases.migration.findings import quoted

#: "done": it has a method, and whoever it lets in can come.
State: TypeAlias = Literal["done", "ready", "not ready"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Where an integration stands, and why it is no further."""

    state: State
    why: tuple[str, ...] = ()


def readiness(
    integration: Integration,
    version: ScriptVersion | None,
    *,
    where: str,
    keys: int,
    shadow: Shadow | None,
    found: Sequence[ShadowFinding],
) -> Readiness:
    """Return where *integration*, which is at *where*, stands.

    *keys* are the live keys to it, *found* is what its *shadow* found.
    """
    why = []
    if version is not None and not version.runnable:
        why.append(f"Its script is in {version.language} and cannot be run: port it to Python.")
    if integration.legacy:
        why += objections(where, shadow, found)
        return Readiness(state="not ready" if why else "ready", why=tuple(why))
    if integration.unchosen:
        why.append("No method has been chosen: every request is refused.")
    elif integration.method in ("api-key", "url") and not keys:
        why.append(
            f"Nobody has a key: `deputize key create --integration {quoted(where)} --for USER` makes one."
        )
    return Readiness(state="not ready" if why else "done", why=tuple(why))


def objections(where: str, shadow: Shadow | None, found: Sequence[ShadowFinding]) -> list[str]:
    """Return what speaks against giving a legacy integration a method now, by what its shadow found."""
    if shadow is None:
        command = f"deputize migrate shadow {quoted(where)} --as USER"
        return [f"Nobody has looked yet what would change: `{command}` does."]
    if not found:
        return ["The shadow has seen no call yet."]
    counts = counted(found)
    said: dict[Verdict, str] = {
        "refused": "would be refused",
        "shorter": "would bring less, and no error says so",
        "different": "would bring something else",
        "unknown": "cannot be judged",
    }
    return [
        f"{_calls(counts[verdict])} {text}: `deputize migrate shadow {quoted(where)}` shows which."
        for verdict, text in said.items()
        if counts.get(verdict)
    ]


def counted(found: Sequence[ShadowFinding]) -> dict[Verdict, int]:
    """Return how many calls had each verdict."""
    counts: dict[Verdict, int] = {}
    for each in found:
        counts[each.verdict] = counts.get(each.verdict, 0) + each.count
    return counts


def _calls(number: int) -> str:
    return "1 call" if number == 1 else f"{number} calls"
