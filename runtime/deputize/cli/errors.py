"""What ends a command early, as text for stderr and as an exit code; nothing else knows exit codes."""

from enum import IntEnum

from rich.text import Text

from deputize.cli.diagnostics import diagnostic_json
from deputize.cli.escape import visible
from deputize.cli.marks import FAILED
from deputize.cli.terminal import Terminal
from deputize.domain.run import Run, RunState
from deputize.errors import DeputizeError, Refused, ScriptRejected, StoreUnavailable
from deputize.use_cases.errors import NotPermitted


class ServerUnreachable(DeputizeError):
    """A server that was asked over HTTP does not answer."""

    code = "SERVER_UNREACHABLE"


class ServerRefused(Refused):
    """A server that was asked over HTTP has refused; the message has its code."""

    code = "SERVER_REFUSED"


class ServerDenied(ServerRefused):
    """A server that was asked over HTTP says that whoever asks has not the right."""

    code = "SERVER_DENIED"


class ExitCode(IntEnum):
    """What each exit code says."""

    OK = 0
    FAILED = 1
    USAGE = 2
    PERMISSION_DENIED = 3
    CANCELED = 4
    DENIED = 5
    #: A replayed run is not as it was recorded.
    DRIFTED = 6
    #: The server, or the database, does not answer.
    UNREACHABLE = 7
    #: 128 + SIGINT, as shells have it.
    BY_KEYBOARD = 130


_BY_STATE = {
    RunState.COMPLETED: ExitCode.OK,
    RunState.FAILED: ExitCode.FAILED,
    RunState.INTERRUPTED: ExitCode.FAILED,
    RunState.POISONED: ExitCode.FAILED,
    RunState.CANCELED: ExitCode.CANCELED,
    RunState.DENIED: ExitCode.DENIED,
}


def exit_code(run: Run, *, strict: bool) -> ExitCode:
    """Return the exit code of *run*: its state's, or 3 if it completed, was refused and *strict* is set."""
    code = _BY_STATE[run.state]
    return ExitCode.PERMISSION_DENIED if strict and code is ExitCode.OK and run.refusals else code


def exit_note(run: Run, *, strict: bool) -> str:
    """Return how the process exits, and how it would with ``--strict`` where that differs."""
    code, stricter = exit_code(run, strict=strict), exit_code(run, strict=True)
    return f"exit {code:d}" + ("" if code is stricter else f" (--strict would exit {stricter:d})")


def report(terminal: Terminal, error: DeputizeError, *, as_json: bool, indent: int | None = 2) -> ExitCode:
    """Write *error* to stderr, and to stdout as well when JSON was asked for."""
    details: dict[str, object] = {"code": error.code, "message": str(error)}
    if isinstance(error, ScriptRejected):
        details["diagnostics"] = [diagnostic_json(each) for each in error.diagnostics]
    _write(terminal, details, as_json=as_json, indent=indent)
    match error:
        case NotPermitted() | ServerDenied():
            return ExitCode.DENIED
        case StoreUnavailable() | ServerUnreachable():
            return ExitCode.UNREACHABLE
        case _:
            return ExitCode.USAGE


def report_usage(terminal: Terminal, message: str, *, as_json: bool, indent: int | None = 2) -> ExitCode:
    """Write that the command line cannot be read, and how to read about it."""
    _write(terminal, {"code": "USAGE", "message": message}, as_json=as_json, indent=indent)
    return ExitCode.USAGE


def _write(terminal: Terminal, details: dict[str, object], *, as_json: bool, indent: int | None) -> None:
    first, *others = str(details["message"]).splitlines() or [""]
    line = Text()
    line.append(f"error[{details['code']}]", style="" if terminal.plain else FAILED.style)
    terminal.say(line.append(f": {visible(first)}"))
    for other in others:
        terminal.say(Text(f"  {visible(other)}"))
    if as_json:
        terminal.write_json({"error": details}, indent=indent)
