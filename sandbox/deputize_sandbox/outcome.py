"""How a run can end.

An outcome is known before its guest is gone. What the guest has used is known a moment later: ``usage`` is
awaited.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pydantic import JsonValue

CrashCode: TypeAlias = Literal["GUEST_CRASHED", "PROTOCOL_VIOLATION"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a guest has used, as the kernel counted it; zeros when nobody was left to tell."""

    cpu_seconds: float = 0.0
    max_rss_kb: int = 0


def settled(usage: Usage) -> asyncio.Future[Usage]:
    """Return *usage* as the field of an outcome that needs no guest."""
    known: asyncio.Future[Usage] = asyncio.get_running_loop().create_future()
    known.set_result(usage)
    return known


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptFrame:
    """One line of the script's own traceback. The numbers were claimed by the guest, within bounds."""

    line: int
    function: str
    column: int | None = None
    end_column: int | None = None
    #: Set where it is a line of a shared library.
    file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """``main`` returned *value*."""

    value: JsonValue
    usage: asyncio.Future[Usage] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Faulted:
    """The script raised and did not catch; the innermost frame is the last."""

    type: str
    message: str
    traceback: tuple[ScriptFrame, ...]
    usage: asyncio.Future[Usage] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverLimit:
    """The run was ended at a limit: a field of ``SandboxLimits``, or what the handler named."""

    limit: str
    value: float
    usage: asyncio.Future[Usage] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crashed:
    """The guest ended without an end, or broke the protocol; *detail* is fit to be shown."""

    code: CrashCode
    detail: str
    usage: asyncio.Future[Usage] = field(compare=False, repr=False)


Outcome: TypeAlias = Returned | Faulted | OverLimit | Crashed
