"""The pytest plugin: scripts run as any user, endpoints mocked by name, the time moved by hand."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deputize.testing.clock import MovableClock
    from deputize.testing.mocks import EndpointMocks
    from deputize.testing.routes import EndpointRoute, EndpointRoutes
    from deputize.testing.runs import ScriptRuns
    from deputize_client.testing import UnmockedCall

__all__ = [
    "EndpointMocks",
    "EndpointRoute",
    "EndpointRoutes",
    "MovableClock",
    "ScriptRuns",
    "UnmockedCall",
]

_WHERE = {
    "EndpointMocks": "deputize.testing.mocks",
    "EndpointRoute": "deputize.testing.routes",
    "EndpointRoutes": "deputize.testing.routes",
    "MovableClock": "deputize.testing.clock",
    "ScriptRuns": "deputize.testing.runs",
    "UnmockedCall": "deputize_client.testing",
}


def __getattr__(name: str) -> Any:
    """Import a type of a fixture when it is first asked for: a session that uses none pays for none."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - as late as the name itself

    return getattr(import_module(_WHERE[name]), name)
