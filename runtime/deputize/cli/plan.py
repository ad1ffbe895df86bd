"""``deputize plan``: write a plan to a file, and import one."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from deputize.cli.deployed import OPERATOR, Deployed, Where, with_deployment
from deputize.cli.errors import ExitCode
from deputize.cli.escape import visible
from deputize.cli.faults import told_by_option
from deputize.cli.marks import ABSENT, OK
from deputize.cli.named import plan_named
from deputize.cli.secret_input import InputRefused, read_hidden
from deputize.cli.table import Cell, Value, write_table
from deputize.cli.terminal import Terminal
from deputize.composition.house import open_sandbox
from deputize.credentials.passwords import Passwords
from deputize.plan_file.archive import MOST_FILE_BYTES
from deputize.script_check import SandboxChecker
from deputize.server.documents.plan_files import ImportDocument
from deputize.settings import Settings
from deputize.use_cases.export_plan import ExportedPlan, export_plan
from deputize.use_cases.import_plan import ImportOptions, KeepLegacy, LegacyPair, import_plan
from deputize.use_cases.import_report import ImportedIntegration, ImportReport
from deputize.use_cases.imported_scripts import SHARED
from deputize.use_cases.scripts import Candidate
from deputize_client import Secret
from deputize_sandbox import Diagnostic

#: Bytes of a port; no script that runs is longer.
_LARGEST_PORT: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Legacy:
    """How legacy integrations go on, as the command line says it."""

    #: None: the plan had authentication off.
    pair_name: str | None
    #: The file of the pair's password; None: it is asked for.
    password: str | None
    owner: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCommand:
    """What ``deputize plan import`` is asked for."""

    where: Where
    file: Path
    name: str | None
    ported: Path | None
    legacy: Legacy | None
    dry_run: bool
    as_json: bool
    plain: bool


def export_to(where: Where, *, plan: str, out: Path, as_json: bool, plain: bool) -> ExitCode:
    """Write *plan* to the new file *out*."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> ExportedPlan:
        return await export_plan(deployed.database, OPERATOR, plan=await plan_named(deployed.database, plan))

    exported = with_deployment(where, work)
    try:
        with out.open("xb") as file:
            file.write(exported.data)
    except FileExistsError:
        raise InputRefused(f"{out}: there is a file already. Remove it, or choose another name.") from None
    except OSError as error:
        raise InputRefused(f"{out}: cannot be written: {error.strerror}.") from None
    if as_json:
        digest = sha256(exported.data).hexdigest()
        terminal.write_json({"plan": exported.name, "file": str(out), "sha256": digest})
    else:
        terminal.write(f"The plan {visible(exported.name)} is in {visible(str(out))}.")
        terminal.say("It holds no secret and no key; scripts and constants are in it as they are.")
    return ExitCode.OK


def import_from(command: ImportCommand) -> ExitCode:
    """Import a plan and print what was made, and what is to be done."""
    terminal = Terminal.open(plain=command.plain)
    data = _read(command.file, MOST_FILE_BYTES)
    ported = {} if command.ported is None else _ports(command.ported)
    names = {f"/ported/{name}": f"{command.ported}/{name}.py" for name in ported}
    names |= {
        "/name": f'--name "{command.name}"',
        "/owner": "--owner",
        "/pair/name": "--pair-name",
        "/pair/password": "the password",
    }
    options = ImportOptions(
        name=command.name,
        keep_legacy=None if command.legacy is None else _keep(command.legacy),
        ported=ported,
        dry_run=command.dry_run,
    )

    async def work(deployed: Deployed) -> ImportReport:
        async with AsyncExitStack() as stack:
            hasher = Passwords(threads=1)
            stack.push_async_callback(hasher.close)
            with told_by_option(names):
                return await import_plan(
                    deployed.database,
                    OPERATOR,
                    checker=_CheckerWhenNeeded(stack),
                    hasher=hasher,
                    data=data,
                    options=options,
                )

    report = with_deployment(command.where, work)
    if command.as_json:
        terminal.write_json(ImportDocument.of(report).model_dump(mode="json"))
    else:
        _show(terminal, report)
    return ExitCode.OK


class _CheckerWhenNeeded:
    """Implements ``Checker``: the sandbox is started for the first script in Python, if there is one."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self._checker: SandboxChecker | None = None

    async def check(self, candidate: Candidate) -> Sequence[Diagnostic]:
        """Return what is wrong with *candidate*."""
        if self._checker is None:
            self._checker = SandboxChecker(await open_sandbox(self._stack, settings=Settings.read()))
        return await self._checker.check(candidate)


def _keep(legacy: Legacy) -> KeepLegacy:
    if legacy.pair_name is None:
        return KeepLegacy(authenticated=False, owner=legacy.owner)
    password = Secret(legacy.pair_name, read_hidden("password", file=legacy.password))
    pair = LegacyPair(name=legacy.pair_name, password=password)
    return KeepLegacy(authenticated=True, pair=pair, owner=legacy.owner)


def _ports(folder: Path) -> dict[str, str]:
    """Return the scripts in *folder* by what each is the port of."""
    if not folder.is_dir():
        raise InputRefused(f"{folder}: no folder. Name the one that has the ports.")
    found = {path.stem: path for path in sorted(folder.glob("*.py"))}
    found |= {f"{SHARED}{path.stem}": path for path in sorted((folder / SHARED).glob("*.py"))}
    return {name: _text(path) for name, path in found.items()}


def _text(path: Path) -> str:
    try:
        return _read(path, _LARGEST_PORT).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputRefused(f"{path}: not UTF-8 from byte {error.start} on.") from None


def _read(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        raise InputRefused(f"{path}: cannot be read: {error.strerror}.") from None
    if len(content) > most:
        raise InputRefused(f"{path}: more than {most} bytes, which is too much.")
    return content


def _show(terminal: Terminal, report: ImportReport) -> None:
    plan = visible(report.plan)
    counts = (
        f"{len(report.integrations)} integrations, {len(report.forms)} forms, "
        f"{len(report.endpoints)} endpoints, {len(report.constants)} constants, "
        f"{len(report.libraries)} shared libraries"
    )
    verb = "would come in" if report.dry_run else "is imported"
    terminal.write(f"The plan {plan} {verb}: {counts}.")
    if report.integrations:
        rows: list[list[Value]] = [
            [each.name, each.had or "–", _state(each), each.script] for each in report.integrations
        ]
        write_table(terminal, ("Integration", "Had", "Now", "Script"), rows)
    if report.to_do:
        terminal.write("To do:")
        for each in report.to_do:
            first, *more = each.detail.splitlines()
            terminal.write(f"  {each.kind}  {visible(each.target)}: {visible(first)}")
            for line in more:
                terminal.write(f"    {visible(line)}")
    if report.ignored:
        terminal.say(f"Means nothing here: {', '.join(map(visible, report.ignored))}.")
    if report.dry_run:
        terminal.say("Nothing was kept.")


def _state(integration: ImportedIntegration) -> Cell:
    if integration.legacy:
        return Cell(text="legacy", mark=OK)
    if integration.enabled:
        return Cell(text="enabled", mark=OK)
    return Cell(text="choose a method" if integration.inbound else "disabled", mark=ABSENT)
