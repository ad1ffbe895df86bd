"""What compiling a script gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """Something wrong with a script: what, where, and what to do."""

    code: str
    message: str
    file: str
    line: int
    column: int
    severity: Literal["error", "warning"] = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """Why a script was not compiled; at least one of *diagnostics* is an error."""

    diagnostics: tuple[Diagnostic, ...]
