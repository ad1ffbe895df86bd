"""What one run may use."""

from collections.abc import Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

MIB = 1024 * 1024


class Limits(BaseModel):
    """The bounds of one run, as ``[limits]`` of ``deputize.toml`` sets them.

    An integration may have bounds of its own, for what differs.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    wall_seconds: float = Field(default=60, gt=0, le=3600)
    """Seconds of wall clock, waiting for answers included."""
    cpu_seconds: int = Field(default=5, gt=0, le=3600)
    """Whole seconds of processor time."""
    memory_mb: int = Field(default=128, ge=16, le=4096)
    """MiB that a script may use beyond an idle guest."""
    calls: int = Field(default=200, ge=0)
    """Calls through ``http``, ``form`` and ``clock``; each request of ``send_all`` counts."""
    concurrent_calls: int = Field(default=10, gt=0, le=100)
    """Requests of one ``send_all`` that are under way at once; the others wait."""
    log_bytes: int = Field(default=MIB, gt=0)
    """Bytes of log messages and fields in all."""
    log_line_bytes: int = Field(default=8 * 1024, gt=0)
    """Bytes of one message; what is longer is cut, and the cut is recorded."""
    result_bytes: int = Field(default=MIB, gt=0, le=8 * MIB)
    """Bytes of what ``main`` returns, as JSON."""
    body_bytes: int = Field(default=32 * 1024, gt=0)
    """Bytes of a request's or an answer's body that the activity stream keeps."""
    request_mb: float = Field(default=1, gt=0, le=64)
    """MiB of one request's body."""
    response_mb: float = Field(default=8, gt=0, le=64)
    """MiB of one answer's body, decompressed."""
    call_seconds: float = Field(default=30, gt=0)
    """Seconds for one call, from its start to the last byte of the answer."""
    recursion: int = Field(default=1000, ge=100, le=10_000)
    """Calls of functions within each other; beyond it a script gets ``RecursionError``."""

    def changed(self, changes: Mapping[str, JsonValue]) -> Self:
        """Return these limits with *changes* by name. Raises pydantic's ``ValidationError``."""
        return self.model_validate({**self.model_dump(), **changes}) if changes else self
