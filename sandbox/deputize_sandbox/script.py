"""What compiling a script gives."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic_core import to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of ``main``, and where it stands."""

    name: str
    line: int
    column: int
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointUse:
    """A literal ``endpoint="…"`` of a call, and where it stands."""

    name: str
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledScript:
    """A script that may run. *code* is opaque to the host: only a guest ever loads it."""

    sha256: str
    filename: str
    source: str = field(repr=False)
    code: bytes = field(repr=False)
    parameters: tuple[Parameter, ...]
    endpoints: tuple[EndpointUse, ...]
    #: The interpreter and the rules that made *code*; others make it anew.
    edition: str
    #: Sources of the libraries that it was compiled with, by name.
    libraries: Mapping[str, str] = field(default_factory=dict, repr=False)
    #: The code of those that it imports.
    shared: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    #: What every run of it is told alike, as JSON: made once.
    job: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the job."""
        job = {
            "do": "run",
            "code": _text(self.code),
            "shared": {name: _text(code) for name, code in self.shared.items()},
        }
        object.__setattr__(self, "job", to_json(job))


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """Something wrong with a script: what, where, and what to do."""

    code: str
    message: str
    file: str
    line: int
    column: int
    severity: Literal["error", "warning", "note"] = "error"


def _text(code: bytes) -> str:
    return base64.b64encode(code).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """Why a script was not compiled; at least one of *diagnostics* is an error."""

    diagnostics: tuple[Diagnostic, ...]
