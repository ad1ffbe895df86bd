"""Starts a zygote in the best jail that this machine can build, and proves it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from deputize_sandbox.errors import JailUnavailable
from deputize_sandbox.jail import probe
from deputize_sandbox.jail.profile import JailProfile, unsupported
from deputize_sandbox.jail.report import JailReport, LayerReport, Tier
from deputize_sandbox.supervisor.guest_program import GuestProgram
from deputize_sandbox.supervisor.zygote_process import ZygoteProcess

#: A layer that may be absent: another one refuses the same.
_DEPTH: Final = frozenset({"mdwe"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Jail:
    """A zygote whose jail holds, and the report that says so."""

    zygote: ZygoteProcess
    report: JailReport


async def build(program: GuestProgram, candidates: Sequence[JailProfile], *, allow_contained: bool) -> Jail:
    """Build the first of *candidates* that holds. Raises JailUnavailable, ZygoteFailed."""
    reason = unsupported()
    if reason is not None:
        raise _unavailable((LayerReport(name="machine", ok=False, detail=reason),))
    failed: tuple[LayerReport, ...] = ()
    for profile in candidates:
        zygote, layers = await _start(program, profile)
        if not all(layer.ok or layer.name in _DEPTH for layer in layers):
            await zygote.close()
            failed = failed or layers
            continue
        layers += _absent(profile, failed)
        if profile.tier is Tier.CONTAINED and not allow_contained:
            await zygote.close()
            raise _unavailable(layers, contained_would_do=True)
        return Jail(zygote=zygote, report=JailReport(tier=profile.tier, layers=layers))
    raise _unavailable(failed)


async def _start(
    program: GuestProgram, profile: JailProfile
) -> tuple[ZygoteProcess, tuple[LayerReport, ...]]:
    zygote, enclosed = await ZygoteProcess.start(program, profile)
    if enclosed.event == "failed" or profile.tier is Tier.UNCONFINED:
        return zygote, enclosed.reports()
    try:
        return zygote, await probe.prove(zygote, profile)
    except BaseException:
        await zygote.close()
        raise


def _absent(profile: JailProfile, failed: Sequence[LayerReport]) -> tuple[LayerReport, ...]:
    """Return the layers that *profile* does without, with what became of them in a better one."""
    tried = {layer.name: layer for layer in failed if not layer.ok}
    return tuple(
        tried.get(name, LayerReport(name=name, ok=False, detail=why)) for name, why in profile.absent.items()
    )


def _unavailable(layers: tuple[LayerReport, ...], *, contained_would_do: bool = False) -> JailUnavailable:
    report = JailReport(tier=Tier.REFUSED, layers=layers)
    missing = "; ".join(f"{layer.name} ({layer.detail})" for layer in layers if not layer.ok)
    advice = (
        "The rest of the jail holds: Sandbox(allow_contained=True) makes do with it."
        if contained_would_do
        else "`deputize doctor` shows every layer."
    )
    return JailUnavailable(
        f"this machine cannot confine a script; missing: {missing}. {advice}", report=report
    )
