"""``deputize replay``: run bundles again, offline, and show what is different."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import JsonValue
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from deputize.bundle.difference import Comparison, Difference, compare
from deputize.bundle.errors import BundleInvalid
from deputize.bundle.file import SUFFIX, Bundle, BundledScript, write_bundle
from deputize.bundle.make import accepted
from deputize.bundle.reading import read_bundle
from deputize.bundle.replay import replay
from deputize.cli.errors import ExitCode
from deputize.cli.escape import visible
from deputize.cli.marks import FAILED, OK
from deputize.cli.runs import SHOWN_ID
from deputize.cli.terminal import Terminal
from deputize.errors import DeputizeError, JailMissing
from deputize.project.source import read_script
from deputize.script_check import compile_candidate, rejected
from deputize.settings import Settings
from deputize.use_cases.scripts import Candidate
from deputize_sandbox import CompiledScript, JailUnavailable, Sandbox

#: Bundles under way at once, for each of which a guest runs.
_AT_ONCE: Final = 8
#: More than so many are shown as a bar and a summary.
_FEW: Final = 5
_SHA: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayCommand:
    """What the command line asks for."""

    bundles: tuple[Path, ...]
    #: Run in the place of the recorded one.
    script: Path | None
    accept: bool
    as_json: bool
    plain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """What became of one bundle."""

    path: Path
    bundle: Bundle | None = None
    script: str = ""
    comparison: Comparison | None = None
    accepted: bool = False
    error: DeputizeError | None = None

    @property
    def verdict(self) -> str:
        """The word for it in a summary."""
        if self.error is not None:
            return "unusable"
        if self.comparison is not None and self.comparison.identical:
            return "identical"
        return "accepted" if self.accepted else "drifted"

    def as_json(self) -> dict[str, JsonValue]:
        """Return it as ``--json`` prints it."""
        document: dict[str, JsonValue] = {"bundle": str(self.path), "verdict": self.verdict}
        if self.error is not None:
            document["error"] = {"code": self.error.code, "message": str(self.error)}
        if self.bundle is not None and self.comparison is not None:
            document |= {
                "run": self.bundle.run.id,
                "requests": self.comparison.requests,
                "entries": self.comparison.entries,
                "differences": [each.as_json() for each in self.comparison.differences],
            }
        return document


def replay_bundles(command: ReplayCommand) -> ExitCode:
    """Replay every bundle that *command* names; folders stand for the bundles in them.

    Exits with 6 where one drifted and that was not accepted, with 2 where one could not be read.
    """
    terminal = Terminal.open(plain=command.plain)
    done = asyncio.run(_replay_all(command, terminal, list(_files(command.bundles))))
    if command.as_json:
        terminal.write_json({"data": [each.as_json() for each in done]})
    elif len(done) <= _FEW:
        for each in done:
            _show(terminal, each, offered=not command.accept)
    else:
        _summarise(terminal, done)
    verdicts = {each.verdict for each in done}
    if "unusable" in verdicts:
        return ExitCode.USAGE
    return ExitCode.DRIFTED if "drifted" in verdicts else ExitCode.OK


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        found = sorted(path.rglob(f"*{SUFFIX}"))
        if not found:
            raise BundleInvalid(f"{path}: no file of it ends in {SUFFIX}. Make one with `deputize bundle`.")
        yield from found


async def _replay_all(command: ReplayCommand, terminal: Terminal, files: list[Path]) -> list[_Done]:
    source = None if command.script is None else read_script(command.script, name=command.script.name)
    slots = asyncio.Semaphore(_AT_ONCE)
    settings = Settings.read()
    with _progress(terminal, shown=len(files) > _FEW and not command.as_json) as progress:
        bar = progress.add_task("replaying", total=len(files))
        try:
            async with Sandbox(allow_contained=settings.allow_contained_jail) as sandbox:

                async def one(path: Path) -> _Done:
                    async with slots:
                        done = await _replay_one(command, sandbox, path, source)
                    progress.advance(bar)
                    return done

                return await asyncio.gather(*map(one, files))
        except JailUnavailable as error:
            raise JailMissing(str(error)) from error


async def _replay_one(command: ReplayCommand, sandbox: Sandbox, path: Path, source: str | None) -> _Done:
    try:
        bundle = read_bundle(path)
        name = bundle.script.path if command.script is None else str(command.script)
        script = await _compiled(sandbox, bundle, source or bundle.script.source, name=name)
        replayed = await replay(bundle, script, sandbox=sandbox)
    except DeputizeError as error:
        return _Done(path=path, error=error)
    comparison = compare(bundle, replayed)
    keep = command.accept and not comparison.identical
    if keep:
        kept = BundledScript(
            path=name, sha256=script.sha256, source=script.source, libraries=bundle.script.libraries
        )
        write_bundle(accepted(bundle, replayed, kept), path)
    what = "recorded" if source is None else name
    return _Done(
        path=path,
        bundle=bundle,
        script=f"{what} @{script.sha256[:_SHA]}",
        comparison=comparison,
        accepted=keep,
    )


async def _compiled(sandbox: Sandbox, bundle: Bundle, source: str, *, name: str) -> CompiledScript:
    candidate = Candidate(
        name=name,
        source=source,
        trigger=bundle.run.trigger,
        has_form=bundle.head.form is not None,
        shared=bundle.script.libraries,
        endpoints=frozenset(bundle.head.endpoints),
    )
    script = await compile_candidate(sandbox, candidate)
    if not isinstance(script, CompiledScript):
        raise rejected(script)
    return script


def _progress(terminal: Terminal, *, shown: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=terminal.talk,
        disable=not shown or not terminal.talk.is_terminal,
        transient=True,
    )


def _show(terminal: Terminal, done: _Done, *, offered: bool) -> None:
    if done.error is not None:
        terminal.say(f"{done.path}: error[{done.error.code}]: {visible(str(done.error))}")
        return
    if done.bundle is None or done.comparison is None:
        return
    run, comparison = done.bundle.run, done.comparison
    terminal.write(
        f"replay of {run.id[:SHOWN_ID]} · script {visible(done.script)} · answers recorded · "
        f"as {visible(run.initiator.id)} (recorded) · no network"
    )
    if comparison.identical:
        mark = "" if terminal.plain else f"{OK.symbol} "
        terminal.write(
            f"{mark}identical: result, {_count(comparison.requests, 'request')}, "
            f"{_count(comparison.entries, 'entry', 'entries')}"
        )
        return
    for each in comparison.differences:
        _show_difference(terminal, each)
    number = _count(len(comparison.differences), "difference")
    if done.accepted:
        terminal.write(f"{number}, accepted: {done.path} has what this script does from now on.")
    else:
        hint = f" Keep them as what is expected: deputize replay {done.path} … --accept" if offered else ""
        terminal.write(f"{number}.{hint}")


def _show_difference(terminal: Terminal, difference: Difference) -> None:
    style = "" if terminal.plain else FAILED.style
    terminal.write(Text("  drift in ", style=style).append(visible(difference.where), style=""))
    for line in difference.lines:
        terminal.write(f"    {visible(line)}")


def _summarise(terminal: Terminal, done: Sequence[_Done]) -> None:
    counted = Counter(each.verdict for each in done)
    order = ("identical", "accepted", "drifted", "unusable")
    terminal.write(" · ".join(f"{counted[each]} {each}" for each in order if counted[each]))
    for each in done:
        if each.error is not None:
            terminal.write(f"  unusable  {each.path}  {each.error.code}: {visible(str(each.error))}")
        elif each.verdict == "drifted" and each.comparison is not None:
            first = each.comparison.differences[0]
            more = len(each.comparison.differences) - 1
            terminal.write(
                f"  drifted   {each.path}  {visible(first.where)}" + (f", and {more} more" if more else "")
            )


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
