"""The scripts of a plan file: which can run, which wait to be ported, and which are wrong. None is run."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from deputize.domain.integration import Action, CallbackKind, Language
from deputize.domain.start import INBOUND
from deputize.errors import ScriptRejected, did_you_mean, shown
from deputize.plan_file import PlanFile
from deputize.plan_file.calls import calls_in
from deputize.plan_file.records import IntegrationRecord, LibraryRecord
from deputize.use_cases.errors import Fault, Invalid
from deputize.use_cases.fitting_names import FittingNames
from deputize.use_cases.import_report import ScriptState, ToDo
from deputize.use_cases.scripts import Candidate, Checker
from deputize_sandbox import Diagnostic

#: What the ports of shared libraries are named by, in front of their own names.
SHARED: Final = "shared/"
_ACTIONS: Final[Mapping[str, Action]] = {
    "CREATE_EVENT_SIMPLE": "CREATE_EVENT_SIMPLE",
    "CREATE_EVENT": "CREATE_EVENT",
    "RUN_SCRIPT": "RUN_SCRIPT",
}
_CALLBACKS: Final[Mapping[str, CallbackKind]] = {
    "STATUS": "STATUS",
    "DELIVERYSTATUS": "DELIVERYSTATUS",
    "RESPONSE": "RESPONSE",
    "ANNOTATION": "ANNOTATION",
    "ESCALATION": "ESCALATION",
    "TARGETEDRECIPIENTFAILURE": "TARGETEDRECIPIENTFAILURE",
}
_MOST_DIAGNOSTICS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedScript:
    """What becomes of one script."""

    state: ScriptState
    #: The texts to be kept, the present one last; none where the product's own script runs.
    texts: tuple[tuple[Language, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedIntegration:
    """An integration of the file that can be taken, and its script."""

    record: IntegrationRecord
    name: str
    #: Exactly one of both is set.
    action: Action | None
    callback: CallbackKind | None
    script: ImportedScript


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedLibrary:
    """A shared library of the file, and its text."""

    name: str
    script: ImportedScript


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedScripts:
    """Everything of a file that has a script."""

    integrations: tuple[WantedIntegration, ...]
    libraries: tuple[WantedLibrary, ...]
    to_do: tuple[ToDo, ...]


async def imported_scripts(
    file: PlanFile,
    *,
    plan: str,
    ported: Mapping[str, str],
    checker: Checker,
    endpoints: Collection[str],
) -> ImportedScripts:
    """Return what has a script in *file*, checked; *ported* are texts in Python by what they stand in for.

    Raises ``ScriptRejected`` for a port that could not run, ``Invalid`` for one that nothing waits for.
    """
    sorting = _Sorting(plan, ported)
    libraries = [sorting.library(each) for each in file.libraries]
    sorted_out = [sorting.integration(each) for each in file.integrations]
    integrations = [each for each in sorted_out if each is not None]
    sorting.refuse_unused()
    check = _Check(plan, libraries, checker=checker, endpoints=frozenset(endpoints))
    wanted = [await check.library(each) for each in libraries]
    checked = [await check.integration(each) for each in integrations]
    return ImportedScripts(
        integrations=tuple(checked), libraries=tuple(wanted), to_do=(*sorting.to_do, *check.to_do)
    )


class _Sorting:
    """Says what each record is, and puts ports in their places."""

    def __init__(self, plan: str, ported: Mapping[str, str]) -> None:
        self._plan = plan
        self._ported = ported
        self._waiting: dict[str, None] = {}
        self._integrations = FittingNames("integration", plan)
        self._libraries = FittingNames("library", plan)
        self._to_do: list[ToDo] = []

    @property
    def to_do(self) -> Sequence[ToDo]:
        return (*self._integrations.to_do, *self._libraries.to_do, *self._to_do)

    def library(self, record: LibraryRecord) -> WantedLibrary:
        language: Language = "javascript" if record.own is None else record.own.language
        module = _module_name(record.name)
        script = self._script(
            record.script, language, name=f"{SHARED}{module}", target=f"library:{self._plan}/{record.name}"
        )
        # Only what can be imported needs a name by which it can be.
        return WantedLibrary(
            name=self._libraries.fit(module if script.state == "ported" else record.name), script=script
        )

    def integration(self, record: IntegrationRecord) -> WantedIntegration | None:
        inbound = record.type == "INBOUND_WEBHOOK"
        action = _ACTIONS.get(record.action) if inbound else None
        callback = None if inbound else _CALLBACKS.get(record.triggered_by or "")
        why = _why_left_out(record, known=action is not None or callback is not None)
        if why is not None:
            target = f"integration:{self._plan}/{shown(record.name)}"
            self._to_do.append(ToDo(kind="left-out", target=target, detail=why))
            return None
        name = self._integrations.fit(record.name)
        target = f"integration:{self._plan}/{name}"
        if record.environment != "HOSTED":
            detail = "In the file an agent runs it, inside of another network. Here the server does."
            self._to_do.append(ToDo(kind="network", target=target, detail=detail))
        if action == "CREATE_EVENT_SIMPLE":
            script = ImportedScript(state="default")
        else:
            language: Language = "javascript" if record.own is None else record.own.language
            script = self._script(record.script, language, name=name, target=target)
        return WantedIntegration(record=record, name=name, action=action, callback=callback, script=script)

    def refuse_unused(self) -> None:
        faults = [
            Fault(
                pointer=f"/ported/{name}",
                detail=f"Nothing in the file waits for this port.{did_you_mean(name, self._waiting)}",
            )
            for name in self._ported
            if name not in self._waiting
        ]
        if faults:
            raise Invalid(*faults)

    def _script(self, source: str, language: Language, *, name: str, target: str) -> ImportedScript:
        if language == "python":
            return ImportedScript(state="python", texts=(("python", source),))
        self._waiting[name] = None
        port = self._ported.get(name)
        if port is not None:
            return ImportedScript(state="ported", texts=((language, source), ("python", port)))
        calls = calls_in(source)
        said = f" It calls: {'; '.join(calls)}." if calls else ""
        detail = (
            f"Its script is in {language} and is kept as text; it is not run. Port it: save it in Python, or "
            f'import again with --ported DIR, where DIR has "{shown(name, limit=300)}.py".{said}'
        )
        self._to_do.append(ToDo(kind="port", target=target, detail=detail))
        return ImportedScript(state="to-port", texts=((language, source),))


class _Check:
    """Has scripts compiled with what their plan will have for them."""

    def __init__(
        self,
        plan: str,
        libraries: Sequence[WantedLibrary],
        *,
        checker: Checker,
        endpoints: frozenset[str],
    ) -> None:
        self._plan = plan
        self._checker = checker
        self._endpoints = endpoints
        self._shared = {
            each.name: each.script.texts[-1][1]
            for each in libraries
            if each.script.state in ("python", "ported")
        }
        self.to_do: list[ToDo] = []

    async def library(self, library: WantedLibrary) -> WantedLibrary:
        if library.script.state not in ("python", "ported"):
            return library
        candidate = Candidate(
            name=f"{SHARED}{library.name}",
            source=library.script.texts[-1][1],
            trigger=None,
            shared=self._shared,
        )
        script = await self._checked(library.script, candidate, f"library:{self._plan}/{library.name}")
        return WantedLibrary(name=library.name, script=script)

    async def integration(self, wanted: WantedIntegration) -> WantedIntegration:
        if wanted.script.state not in ("python", "ported"):
            return wanted
        candidate = Candidate(
            name=wanted.name,
            source=wanted.script.texts[-1][1],
            trigger=INBOUND if wanted.action is not None else wanted.callback,
            has_form=wanted.record.form is not None,
            shared=self._shared,
            endpoints=self._endpoints,
        )
        script = await self._checked(wanted.script, candidate, f"integration:{self._plan}/{wanted.name}")
        return WantedIntegration(
            record=wanted.record,
            name=wanted.name,
            action=wanted.action,
            callback=wanted.callback,
            script=script,
        )

    async def _checked(self, script: ImportedScript, candidate: Candidate, target: str) -> ImportedScript:
        found = await self._checker.check(candidate)
        errors = [each for each in found if each.severity == "error"]
        if not errors:
            return script
        if script.state == "ported":
            raise ScriptRejected(
                f'The port of "{candidate.name}" cannot run. Nothing was imported.\n{_lines(errors)}',
                diagnostics=found,
            )
        detail = f"Its script cannot run, and it is disabled. Correct it:\n{_lines(errors)}"
        self.to_do.append(ToDo(kind="correct", target=target, detail=detail))
        return ImportedScript(state="wrong", texts=script.texts)


def _why_left_out(record: IntegrationRecord, *, known: bool) -> str | None:
    """Return why *record* cannot be an integration here; None where it can."""
    outbound = record.type == "OUTBOUND_WEBHOOK"
    if outbound and record.action != "RUN_SCRIPT":
        return (
            f"In the file it does {shown(record.action)}, without a script. Make an integration with a "
            "script that sends the same."
        )
    if record.created_by not in (None, "IB") or not known:
        what = shown(record.triggered_by or "nothing" if outbound else record.action)
        return (
            f"It is a part of a flow, or set off by what there is not here ({what}). Write a script for it."
        )
    return None


def _module_name(name: str) -> str:
    """Return *name* as a script can import it."""
    text = "".join(each if each.isascii() and each.isalnum() else "_" for each in name).strip("_")
    return f"library_{text}" if not text or text[0].isdigit() else text


def _lines(errors: Sequence[Diagnostic]) -> str:
    told = [
        f"{each.file}:{each.line}:{each.column}: {each.code}: {each.message}"
        for each in errors[:_MOST_DIAGNOSTICS]
    ]
    more = len(errors) - len(told)
    return "\n".join([*told, f"{more} more"] if more else told)
