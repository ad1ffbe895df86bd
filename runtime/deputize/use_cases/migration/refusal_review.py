"""Tells by recent refusals which roles those who start events lack for what their scripts call."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from deputize.domain.legacy import LEGACY
from deputize.domain.person import Person
from deputize.domain.stored_entry import StoredEntry
from deputize.use_cases.migration.findings import Finding, patch_command

_ROLE: Final = "role "
_TOLD: Final = 5


@dataclass(frozen=True, slots=True)
class _Refusal:
    """What refusals have in common that are told as one."""

    integration_id: str
    initiator: str
    line: int | None
    needs: tuple[str, ...]
    would_pass: tuple[str, ...]


def review_refusals(
    entries: Iterable[StoredEntry], *, where: Mapping[str, str], people: Mapping[str, Person]
) -> list[Finding]:
    """Return what initiators lacked, by script line, the most frequent first.

    *entries* are of the kind ``permission.denied``; *where* has ``PLAN/NAME`` by integration, and *people*
    those who may be shown with their roles, by name. The owner of an endpoint, as whom legacy scripts call,
    is no initiator.
    """
    counted: dict[_Refusal, int] = {}
    paths: dict[_Refusal, str] = {}
    for entry in entries:
        refusal = _refusal(entry)
        if refusal is not None and refusal.integration_id in where:
            counted[refusal] = counted.get(refusal, 0) + 1
            paths.setdefault(refusal, _called(entry.document))
    ordered = sorted(counted.items(), key=lambda each: (-each[1], repr(each[0])))
    return [
        _finding(refusal, count, called=paths[refusal], where=where, people=people)
        for refusal, count in ordered
    ]


def _refusal(entry: StoredEntry) -> _Refusal | None:
    document: Any = entry.document
    explain = document.get("explain")
    if not explain or entry.integration_id is None or document["initiator"]["via"] == LEGACY:
        return None
    return _Refusal(
        entry.integration_id,
        document["initiator"]["id"],
        document["script"].get("line"),
        tuple(explain["needs"]),
        tuple(explain["would_pass"]),
    )


def _called(document: Any) -> str:
    request = document["request"]
    # The address of the platform is of no interest, and the query is nobody's business.
    path = "/" + str(request["url"]).partition("://")[2].partition("/")[2].partition("?")[0]
    return f"{request['method']} {path}"


def _finding(
    refusal: _Refusal, count: int, *, called: str, where: Mapping[str, str], people: Mapping[str, Person]
) -> Finding:
    roles = [each.removeprefix(_ROLE) for each in refusal.would_pass if each.startswith(_ROLE)]
    person = people.get(refusal.initiator)
    times = "once" if count == 1 else f"{count} times"
    command = None
    if roles and person is not None:
        body: dict[str, Any] = {"roles": sorted({*person.roles, roles[0]})}
        command = patch_command(f"/api/v1/users/{refusal.initiator}", body)
    listed = ", ".join(roles[:_TOLD])
    return Finding(
        code="MISSING_ROLE",
        integration_id=refusal.integration_id,
        integration=where[refusal.integration_id],
        user=refusal.initiator,
        line=refusal.line,
        count=count,
        message=f"{refusal.initiator} was refused {called} {times} in 30 days: needs "
        f"{'; '.join(refusal.needs)}.",
        advice=(
            f"Give {refusal.initiator} one of the roles that may: {listed}; or have the script do without."
            if roles
            else "No role may do this now: give a role the right, or have the script do without."
        ),
        command=command,
    )
