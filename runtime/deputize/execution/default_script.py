"""The script of integrations that create an event and have none of their own."""

import hashlib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

_FILE = "create_event_simple.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultScript:
    """A script that comes with the product, and runs like any other."""

    #: As entries and messages name it.
    name: str
    sha256: str
    source: str = field(repr=False)


@cache
def default_script() -> DefaultScript:
    """Return the script of the action CREATE_EVENT_SIMPLE."""
    source = (files(__package__) / "default_scripts" / _FILE).read_text(encoding="utf-8")
    return DefaultScript(
        name=_FILE.removesuffix(".py"), sha256=hashlib.sha256(source.encode()).hexdigest(), source=source
    )
