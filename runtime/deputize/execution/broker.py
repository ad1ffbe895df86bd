"""The broker: every call of a guest passes here, and the initiator is whom the host says."""

from typing import Protocol

from deputize.execution.capabilities.log import LogCapability
from deputize_sandbox import Answer, Failed, GuestCall


class Capability(Protocol):
    """The host side of one thing that a script was given."""

    async def ask(self, call: GuestCall) -> Answer:
        """Answer one call; a fault of the caller is a ``Failed`` answer."""
        ...


class Broker:
    """Dispatches calls to the capabilities that this run was given, and to no others."""

    def __init__(self, *, capabilities: dict[str, Capability], log: LogCapability) -> None:
        self._capabilities = capabilities
        self._log = log

    async def ask(self, call: GuestCall) -> Answer:
        """Answer one call; a capability that was not given is a ``Failed`` answer."""
        capability = self._capabilities.get(call.capability)
        if capability is None:
            return Failed("LookupError", f"this run was not given {call.capability!r}")
        try:
            return await capability.ask(call)
        except ValueError as error:
            return Failed("ValueError", f"{call.capability}.{call.method}: {error}")

    async def tell(self, call: GuestCall) -> None:
        """Take a message that wants no answer; what is malformed is dropped with the run's guest."""
        if call.capability == "log":
            await self._log.tell(call)
