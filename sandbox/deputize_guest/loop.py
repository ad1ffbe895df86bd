"""The guest's work: one job from the host, then the end.

A job either compiles a script or runs one. The host hears of everything that can happen: what is wrong with
a script, what ``main`` returned, what it raised. What the guest cannot say, because there is no memory to
say it or the kernel has ended it, the host sees.
"""

import base64
import marshal
import random
import sys
import warnings
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, Final

from deputize_guest import wire
from deputize_guest.api import log
from deputize_guest.dialect import attributes, modules
from deputize_guest.dialect.compile_script import Rejected, compile_script
from deputize_guest.dialect.facade import Facade
from deputize_guest.dialect.importer import Importer
from deputize_guest.dialect.kinds import SCRIPT
from deputize_guest.dialect.policy import GUARD
from deputize_guest.dialect.script_builtins import script_builtins
from deputize_guest.host_channel import HostChannel
from deputize_guest.provided import provided
from deputize_guest.run_clock import CLOCK
from deputize_guest.script_traceback import faulted
from deputize_guest.values import to_json

#: Made while there is memory.
_OUT_OF_MEMORY: Final = wire.encode({"kind": "out_of_memory"})
_FACADES: Final[dict[str, Facade]] = {}

Job = Mapping[str, Any]


def warm_up() -> None:
    """Import and touch, once and before any fork, what a job needs: a guest can open no file."""
    warnings.simplefilter("ignore")
    # ``dataclass`` looks into the module of the class that it is given.
    sys.modules[SCRIPT] = ModuleType(SCRIPT)
    _FACADES.update(modules.build())
    _compile({"source": _THROW_AWAY, "filename": "warm_up"})


def serve(fd: int) -> None:
    """Do the one job that comes over *fd*, and say how it ended."""
    connection = wire.Connection(fd)
    job = connection.receive()
    try:
        answer = wire.encode(_JOBS[job["do"]](job, connection))
    except MemoryError:
        # The frames of the script, and what they hold, are gone once this clause has ended.
        answer = _OUT_OF_MEMORY
    connection.send(answer)


def _compile(job: Job, connection: wire.Connection | None = None) -> dict[str, Any]:
    compiled = compile_script(job["source"], job["filename"], modules=modules.published(_FACADES))
    if isinstance(compiled, Rejected):
        return {
            "kind": "rejected",
            "diagnostics": [
                {
                    "code": each.code,
                    "message": each.message,
                    "line": each.line,
                    "column": each.column,
                    "severity": "error",
                }
                for each in compiled.problems
            ],
        }
    return {
        "kind": "compiled",
        "code": base64.b64encode(compiled.code).decode(),
        "parameters": [
            {"name": each.name, "line": each.line, "column": each.column, "required": each.required}
            for each in compiled.parameters
        ],
        "endpoints": [
            {"name": each.name, "line": each.line, "column": each.column} for each in compiled.endpoints
        ],
    }


def _run(job: Job, connection: wire.Connection) -> dict[str, Any]:
    CLOCK.begin(job.get("now"))
    random.seed(job["seed"])
    channel = HostChannel(connection, job["filename"])
    arguments = {
        name: provided(each["kind"], each["value"], channel) for name, each in job["provide"].items()
    }
    code = marshal.loads(base64.b64decode(job["code"]))  # noqa: S302 - inside the jail
    importer = Importer(_FACADES, lambda name: {})
    builtins = script_builtins(print_=_print_into(channel), import_=importer)
    script: dict[str, Any] = {"__builtins__": builtins, "__name__": SCRIPT, GUARD: attributes.read}
    sys.setrecursionlimit(job["recursion"])
    try:
        exec(code, script)  # noqa: S102 - what the compiler has judged, inside the jail
        result = script["main"](**arguments)
        return {"kind": "returned", "value": to_json(result, "main returned")}
    except MemoryError:
        raise
    except BaseException as error:
        return faulted(error, {job["filename"]})


def _print_into(channel: HostChannel) -> Callable[..., None]:
    def print_(
        *values: object, sep: str | None = None, end: str | None = None, file: Any = None, flush: bool = False
    ) -> None:
        text = (" " if sep is None else sep).join([str(each) for each in values])
        if file is not None:
            file.write(text + ("\n" if end is None else end))
        else:
            log.write(channel, "info", text, {})

    return print_


_JOBS: Final[Mapping[str, Callable[[Job, wire.Connection], dict[str, Any]]]] = {
    "compile": _compile,
    "run": _run,
}

_THROW_AWAY: Final = """
def main():
    return None
"""
