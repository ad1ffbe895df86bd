"""The guest's work: one job from the host, then the end.

A job either compiles a script or runs one. The host hears of everything that can happen: what is wrong with
a script, what ``main`` returned, what it raised. What the guest cannot say, because there is no memory to
say it or the kernel has ended it, the host sees.
"""

import gc
import os
import sys
import warnings
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from deputize_guest import wire
from deputize_guest.compile_job import compile_job
from deputize_guest.dialect import modules
from deputize_guest.dialect.facade import Facade
from deputize_guest.dialect.kinds import SCRIPT
from deputize_guest.dialect.remade.time_module import load_zones
from deputize_guest.run_job import run_job
from deputize_guest.script_module import module_of_scripts
from deputize_guest.text_encodings import load_encodings
from deputize_guest.throw_away import SCRIPT_FOR_WARMTH

#: Made while there is memory.
_OUT_OF_MEMORY: Final = wire.encode({"kind": "out_of_memory"})
_FACADES: Final[dict[str, Facade]] = {}


def warm_up(added: Mapping[str, Iterable[str]] = MappingProxyType({})) -> None:
    """Import and touch, once and before any fork, all that a job needs: a guest can open no file.

    *added* are modules that an application gives its scripts, each with the names that are safe.
    """
    # There is nobody to read them, and to show one the interpreter looks for a file.
    warnings.simplefilter("ignore")
    sys.unraisablehook = _unheard
    sys.modules[SCRIPT] = module_of_scripts()
    load_encodings()
    load_zones()
    _FACADES.update(modules.build(added))
    _throw_away()


def serve(fd: int) -> None:
    """Do the one job that comes over *fd*, and say how it ended."""
    connection = wire.Connection(fd)
    job = connection.receive()
    try:
        ended = _done(job, connection)
        # What is left of the script, such as a generator that was not closed, has nothing more to say.
        gc.disable()
        answer = wire.encode(ended)
    except MemoryError:
        # The frames of the script, and what they hold, are gone once this clause has ended.
        gc.disable()
        answer = _OUT_OF_MEMORY
    connection.send(answer)


def _done(job: Mapping[str, Any], connection: wire.Connection) -> dict[str, Any]:
    if job["do"] == "compile":
        return compile_job(job, _FACADES)
    return run_job(job, _FACADES, connection)


def _unheard(unraisable: object) -> None:
    """Say nothing of an exception that nobody can catch, such as that of a generator that will not close."""


def _throw_away() -> None:
    """Compile and run a script once: what it touches is then part of every guest."""
    ours, theirs = os.pipe()
    job = {"source": SCRIPT_FOR_WARMTH, "provide": {}, "seed": "", "recursion": 1000}
    try:
        compiled = compile_job(job, _FACADES)
        ended = run_job({**job, **compiled}, _FACADES, wire.Connection(theirs))
    finally:
        os.close(ours)
        os.close(theirs)
    if ended["kind"] != "returned":
        raise RuntimeError(f"the script for warmth did not end well: {ended}")
