"""Deputize: scripts that act with exactly the authority of whoever set them off."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deputize.domain.decision import Denial, Explanation, Grant
    from deputize.domain.limits import Limits
    from deputize.domain.principal import Principal
    from deputize.domain.run import Run, RunState, RunUsage
    from deputize.errors import DeputizeError, Misconfigured, Refused
    from deputize.runtime import Runtime

__all__ = [
    "Denial",
    "DeputizeError",
    "Explanation",
    "Grant",
    "Limits",
    "Misconfigured",
    "Principal",
    "Refused",
    "Run",
    "RunState",
    "RunUsage",
    "Runtime",
]

__version__ = "0.1.0"

_WHERE = {
    "Denial": "deputize.domain.decision",
    "Explanation": "deputize.domain.decision",
    "Grant": "deputize.domain.decision",
    "Limits": "deputize.domain.limits",
    "Principal": "deputize.domain.principal",
    "Run": "deputize.domain.run",
    "RunState": "deputize.domain.run",
    "RunUsage": "deputize.domain.run",
    "DeputizeError": "deputize.errors",
    "Misconfigured": "deputize.errors",
    "Refused": "deputize.errors",
    "Runtime": "deputize.runtime",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that ``import deputize`` stays quick."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - as late as the name itself

    return getattr(import_module(_WHERE[name]), name)
