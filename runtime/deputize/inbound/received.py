"""A request to an inbound integration, as it came."""

from dataclasses import dataclass, field
from typing import TypeAlias

#: Name and value, in their order.
Headers: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedRequest:
    """A whole request. It may carry a credential, so that it shows nothing but where it came from."""

    #: As the path has it; it need not exist.
    integration_id: str
    method: str = "POST"
    #: In their order, repeated ones apart.
    headers: Headers = field(default=(), repr=False)
    #: What follows the question mark, still percent-encoded.
    query: str = field(default="", repr=False)
    body: bytes = field(default=b"", repr=False)
    #: The caller's address; behind a configured proxy, as the proxy names it.
    remote_address: str | None = None
    #: That of a ``traceparent`` that came along.
    trace_id: str | None = None

    def header_values(self, name: str) -> tuple[str, ...]:
        """Return the value of every header *name*, which is in lower case."""
        return tuple(value for each, value in self.headers if each.lower() == name)
