"""Proves the layers of a jail: one guest for each thing that must be impossible.

Return codes while building say that a layer was asked for; only an attempt says that it holds.
"""

import asyncio
import signal
from typing import Final

from deputize_sandbox.errors import ProtocolViolation
from deputize_sandbox.jail.profile import JailProfile
from deputize_sandbox.jail.report import LayerReport
from deputize_sandbox.supervisor.guest_process import Ending
from deputize_sandbox.supervisor.messages import Examined, Finding, UnconfinedMessage, read
from deputize_sandbox.supervisor.zygote_process import ZygoteProcess

_SECONDS: Final = 10.0
_EXAMINE: Final = "examine"
#: Of the layers, of the limits, of the filter.
_REPORTS: Final = 3
#: Attempts that the filter ends the guest for; ``deputize_guest.self_test.FATAL`` has one function for each.
_FATAL: Final = (
    "open a socket",
    "fork",
    "execute a program",
    "signal a process",
    "trace a process",
    "set up io_uring",
)
#: Layers that no return code stands for: each needs an attempt, or it is not there.
_ATTEMPTED: Final = (
    "identity",
    "user namespace",
    "network namespace",
    "uts namespace",
    "mount namespace",
    "pid namespace",
    "environment",
    "capabilities",
    "no new privileges",
    "resource limits",
    "landlock",
    "descriptors",
    "seccomp",
)
#: Layers of a guest itself, in the order in which they are built.
_OF_GUESTS: Final = {
    "pid namespace": "one for each guest",
    "descriptors": "one socket",
    "seccomp": "an allow-list",
}


async def prove(zygote: ZygoteProcess, profile: JailProfile) -> tuple[LayerReport, ...]:
    """Return the layers of *profile* as *zygote* has them; not ok is what an attempt got past."""
    examined, ends = await asyncio.gather(
        _examine(zygote), asyncio.gather(*(_try(zygote, each) for each in _FATAL))
    )
    layers = {layer.name: layer for layer in zygote.layers}
    for name, detail in _OF_GUESTS.items():
        if name not in profile.absent:
            layers[name] = LayerReport(name=name, ok=True, detail=detail)
    attempted = {finding.layer for finding in examined}
    if all(finding.held for finding in examined):
        for name in _ATTEMPTED:
            if name not in attempted and name not in profile.absent:
                layers[name] = LayerReport(name=name, ok=False, detail="nobody tried to get past it")
    for finding in (*examined, *ends):
        known = layers.get(finding.layer)
        # The first attempt that got through says most: it was the first to be made.
        if not finding.held and finding.layer not in profile.absent and (known is None or known.ok):
            layers[finding.layer] = LayerReport(
                name=finding.layer, ok=False, detail=f"{finding.attempt}: {finding.detail}"
            )
    return tuple(layers.values())


async def _examine(zygote: ZygoteProcess) -> list[Finding]:
    """Return what the attempts gave that are answered with an error."""
    guest = zygote.test(_EXAMINE)
    findings: list[Finding] = []
    reports = 0
    try:
        async with asyncio.timeout(_SECONDS):
            while (frame := await guest.receive()) is not None:
                match read(frame):
                    case Examined(findings=more):
                        reports += 1
                        findings.extend(more)
                    case UnconfinedMessage(layer=layer, detail=detail):
                        return [Finding(layer=layer, attempt="build", held=False, detail=detail)]
            ending = await guest.wait()
    except (TimeoutError, ProtocolViolation) as error:
        return [_unproved(str(error) or "the self-test did not end")]
    finally:
        guest.discard()
    if reports != _REPORTS or ending.exit_code != 0:
        return [_unproved(f"the self-test {ending.describe()}")]
    return findings


def _unproved(detail: str) -> Finding:
    return Finding(layer="self-test", attempt="examine", held=False, detail=detail)


async def _try(zygote: ZygoteProcess, attempt: str) -> Finding:
    """Return what became of an attempt that the filter must end the guest for."""
    guest = zygote.test(attempt)
    try:
        async with asyncio.timeout(_SECONDS):
            ending: Ending | None = await guest.wait()
    except TimeoutError:
        ending = None
    finally:
        guest.discard()
    held = ending is not None and ending.signal == signal.SIGSYS
    detail = ending.describe() if ending is not None else "did not end"
    return Finding(layer="seccomp", attempt=attempt, held=held, detail=detail)
