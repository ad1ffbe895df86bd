"""The job of running a script: its names, its libraries, its ``main``, and how it ended."""

import base64
import marshal
import sys
from collections.abc import Callable, Container, Mapping
from types import CodeType, MappingProxyType
from typing import Any, TypeAlias

from deputize_guest import api, wire
from deputize_guest.api import log
from deputize_guest.api.channel import Channel
from deputize_guest.dialect import attributes
from deputize_guest.dialect.code_files import SCRIPT_FILE, library_code_file, library_file
from deputize_guest.dialect.facade import Facade
from deputize_guest.dialect.importer import Importer
from deputize_guest.dialect.kinds import SCRIPT
from deputize_guest.dialect.names import private
from deputize_guest.dialect.policy import GUARD
from deputize_guest.dialect.remade import random_module
from deputize_guest.dialect.script_builtins import script_builtins
from deputize_guest.host_channel import HostChannel
from deputize_guest.provided import provided
from deputize_guest.run_clock import CLOCK
from deputize_guest.script_traceback import faulted
from deputize_guest.values import to_json

#: Returns the code of the shared library of that name; None: of the script itself.
Load: TypeAlias = Callable[[str | None], CodeType]


def run_job(
    job: Mapping[str, Any], facades: Mapping[str, Facade], connection: wire.Connection
) -> dict[str, Any]:
    """Run the script of *job* and return the frame that says how it ended. Raises MemoryError."""
    channel = HostChannel(connection, longest=job.get("message_bytes", wire.FRAME_BYTES))
    shared: Mapping[str, str] = job.get("shared", {})
    files = {SCRIPT_FILE: None, **{library_code_file(name): library_file(name) for name in shared}}

    def load(library: str | None) -> CodeType:
        text = job["code"] if library is None else shared[library]
        # Judged by the compiler of a guest like this one; and this is inside the jail.
        code: CodeType = marshal.loads(base64.b64decode(text))  # noqa: S302 - see above
        return code

    execute, arguments = prepare(job, facades, channel, load=load)
    sys.setrecursionlimit(job["recursion"])
    try:
        result = execute(None)["main"](**arguments)
        return {"kind": "returned", "value": to_json(result, "main returned")}
    except MemoryError:
        raise
    except BaseException as error:
        return faulted(error, files)


def prepare(
    job: Mapping[str, Any],
    facades: Mapping[str, Facade],
    channel: Channel,
    *,
    load: Load,
    more: Mapping[str, Any] = MappingProxyType({}),
    interpreter: Container[str] = (),
) -> tuple[Callable[[str | None], dict[str, Any]], dict[str, Any]]:
    """Return what executes the script of *job*, and what its ``main`` is to be called with.

    The first takes the name of a shared library, or None for the script, and returns the names in it. *more*
    are built-ins beside those that every script has, and *interpreter* modules that they may look up.
    """
    CLOCK.begin(job.get("now"), api.Clock(channel).sleep)
    arguments = {
        private(name): provided(each["kind"], each["value"], channel) for name, each in job["provide"].items()
    }

    def execute(library: str | None) -> dict[str, Any]:
        names: dict[str, Any] = {"__builtins__": builtins, "__name__": SCRIPT, GUARD: attributes.read}
        exec(load(library), names)  # noqa: S102 - compiled as a script, by whoever loads it
        return names

    importer = Importer(facades, execute, lambda: random_module.begin(job["seed"]), interpreter)
    builtins = script_builtins(print_=_print_into(channel), import_=importer)
    if more:
        builtins = {**builtins, **more}
    return execute, arguments


def _print_into(channel: Channel) -> Callable[..., None]:
    def print_(
        *values: object, sep: str | None = None, end: str | None = None, file: Any = None, flush: bool = False
    ) -> None:
        text = (" " if sep is None else sep).join([str(each) for each in values])
        if file is None:
            log.write(channel, "info", text, {})
        else:
            file.write(text + ("\n" if end is None else end))

    print_.__name__ = print_.__qualname__ = "print"
    return print_
