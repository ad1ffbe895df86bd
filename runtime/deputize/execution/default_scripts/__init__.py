"""The product's own scripts, run like any other: in the sandbox, as the initiator."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultScript:
    """A script that comes with the product."""

    source: str
    #: Of the source.
    sha256: str
    #: As entries and tracebacks name it.
    filename: str


@cache
def default_script() -> DefaultScript:
    """Return what runs where an integration creates an event and has no script of its own."""
    filename = "create_event_simple.py"
    source = files(__name__).joinpath(filename).read_text(encoding="utf-8")
    return DefaultScript(source=source, sha256=hashlib.sha256(source.encode()).hexdigest(), filename=filename)
