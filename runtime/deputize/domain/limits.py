"""What one run may use."""

from pydantic import BaseModel, ConfigDict, Field

MIB = 1024 * 1024


class Limits(BaseModel):
    """The bounds of one run, as ``[limits]`` of ``deputize.toml`` sets them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    wall_seconds: float = Field(default=60, gt=0, le=3600)
    """Seconds of wall clock, waiting for answers included."""
    cpu_seconds: int = Field(default=30, gt=0, le=3600)
    """Whole seconds of processor time."""
    memory_mb: int = Field(default=128, ge=16, le=4096)
    """MiB that a script may use beyond an idle guest."""
    calls: int = Field(default=1000, ge=0)
    """Calls through ``http`` and ``clock``; each request of ``send_all`` counts."""
    log_bytes: int = Field(default=MIB, gt=0)
    """Bytes of log messages and fields in all."""
    log_line_bytes: int = Field(default=8 * 1024, gt=0)
    """Bytes of one message; what is longer is cut, and the cut is recorded."""
    body_bytes: int = Field(default=32 * 1024, gt=0)
    """Bytes of a request's or an answer's body that the activity stream keeps."""
    request_mb: float = Field(default=4, gt=0, le=64)
    """MiB of one request's body."""
    response_mb: float = Field(default=4, gt=0, le=64)
    """MiB of one answer's body, decompressed."""
    call_seconds: float = Field(default=30, gt=0)
    """Seconds for one call, from its start to the last byte of the answer."""
