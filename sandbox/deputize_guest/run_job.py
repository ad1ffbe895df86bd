"""The job of running a script: its names, its libraries, its ``main``, and how it ended."""

import base64
import marshal
import sys
from collections.abc import Callable, Mapping
from typing import Any

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


def run_job(
    job: Mapping[str, Any], facades: Mapping[str, Facade], connection: wire.Connection
) -> dict[str, Any]:
    """Run the script of *job* and return the frame that says how it ended. Raises MemoryError."""
    channel = HostChannel(connection, longest=job.get("message_bytes", wire.FRAME_BYTES))
    CLOCK.begin(job.get("now"), api.Clock(channel).sleep)
    arguments = {
        private(name): provided(each["kind"], each["value"], channel) for name, each in job["provide"].items()
    }
    shared: Mapping[str, str] = job.get("shared", {})
    files = {SCRIPT_FILE: None, **{library_code_file(name): library_file(name) for name in shared}}
    importer = Importer(facades, lambda name: execute(shared[name]), lambda: random_module.begin(job["seed"]))
    builtins = script_builtins(print_=_print_into(channel), import_=importer)

    def execute(code: str) -> dict[str, Any]:
        names: dict[str, Any] = {"__builtins__": builtins, "__name__": SCRIPT, GUARD: attributes.read}
        # Judged by the compiler of a guest like this one; and this is inside the jail.
        exec(marshal.loads(base64.b64decode(code)), names)  # noqa: S102, S302 - see above
        return names

    sys.setrecursionlimit(job["recursion"])
    try:
        result = execute(job["code"])["main"](**arguments)
        return {"kind": "returned", "value": to_json(result, "main returned")}
    except MemoryError:
        raise
    except BaseException as error:
        return faulted(error, files)


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
