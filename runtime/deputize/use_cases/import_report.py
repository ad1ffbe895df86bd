"""What an import has made, and what somebody has yet to do."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal, Self, TypeAlias

#: What is to be done: ``access`` and ``role`` about who may, ``method``, ``secret`` and ``network`` about
#: credentials, ``port`` and ``correct`` about scripts, ``form`` and ``response`` about what sets off,
#: ``limits`` about what runs may use, ``retries`` about runs that fail, ``owner`` about legacy integrations;
#: ``name`` and ``address`` say what is called differently now, ``left-out`` what was not taken.
ToDoKind: TypeAlias = Literal[
    "access",
    "address",
    "correct",
    "form",
    "left-out",
    "limits",
    "method",
    "name",
    "network",
    "owner",
    "port",
    "response",
    "retries",
    "role",
    "secret",
]
#: What became of an integration's script: the product's own, one that can run, its port, a text that waits
#: for one, or one that is wrong.
ScriptState: TypeAlias = Literal["default", "python", "ported", "to-port", "wrong"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """One thing that somebody has to do, or to know."""

    kind: ToDoKind
    #: What it is about, as ``integration:sync_people``.
    target: str
    #: A sentence: what was found, and what to do.
    detail: str


class ToDoList:
    """Gathers what is to be done about the plan *plan* and its parts."""

    def __init__(self, plan: str) -> None:
        self._plan = plan
        self.entries: list[ToDo] = []

    def add(self, kind: ToDoKind, detail: str, *, what: str = "plan", name: str | None = None) -> None:
        """Add an entry about the part *name*, which is an integration, a form, …; None: about the plan."""
        target = f"{what}:{self._plan}" if name is None else f"{what}:{self._plan}/{name}"
        self.entries.append(ToDo(kind=kind, target=target, detail=detail))


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedIntegration:
    """One integration, as it was and as it is now."""

    #: None in a trial, where it would be made only then.
    id: str | None
    name: str
    inbound: bool
    #: Inbound: the method that the file has; None for one from before there were methods.
    had: str | None
    legacy: bool
    enabled: bool
    script: ScriptState


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What one import has made, or would make."""

    #: Whether it was tried only, and nothing kept.
    dry_run: bool
    #: None in a trial.
    plan_id: str | None
    plan: str
    integrations: tuple[ImportedIntegration, ...]
    forms: tuple[str, ...]
    libraries: tuple[str, ...]
    endpoints: tuple[str, ...]
    constants: tuple[str, ...]
    to_do: tuple[ToDo, ...]
    #: What of the file means nothing here.
    ignored: tuple[str, ...]

    @property
    def legacy(self) -> tuple[str, ...]:
        """The names of the integrations that go on as they were."""
        return tuple(each.name for each in self.integrations if each.legacy)

    def of_a_trial(self, file_ids: Collection[str | None]) -> Self:
        """Return it as that of an import of which nothing was kept; *file_ids* are those that would stay."""
        integrations = [each if each.id in file_ids else replace(each, id=None) for each in self.integrations]
        return replace(self, dry_run=True, plan_id=None, integrations=tuple(integrations))
