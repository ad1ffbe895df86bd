"""The broker: every call of a guest passes here, and the initiator is whom the host says.

No answer reaches the script before it is durable, in the stream and in the journal alike. What the script
takes for the time moves with each answer, and is part of the journal.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from deputize.activity.journal import JournalEntry
from deputize.activity.stream import ActivityStream
from deputize.execution.capabilities.log import LogCapability
from deputize.execution.recall import Recall
from deputize.execution.sender import Sender
from deputize_sandbox import Answer, Failed, GuestCall


class Capability(Protocol):
    """The host side of one thing that a script was given."""

    async def ask(self, call: GuestCall) -> Answer:
        """Answer one call; a fault of the caller is a ``Failed`` answer."""
        ...


class Broker:
    """Dispatches calls to the capabilities that this run was given, and to no others."""

    def __init__(
        self,
        *,
        capabilities: dict[str, Capability],
        log: LogCapability,
        sender: Sender,
        stream: ActivityStream,
        recall: Recall,
        clock: Callable[[], datetime],
    ) -> None:
        self._capabilities = capabilities
        self._log = log
        self._sender = sender
        self._stream = stream
        self._recall = recall
        self._clock = clock

    async def ask(self, call: GuestCall) -> Answer:
        """Answer one call, once what came of it is durable; each answer moves the script's clock."""
        self._recall.turn(call)
        answer = await self._answer(call)
        self._recall.answered()
        now = self._recall.now(self._clock) if answer.now is None else datetime.fromisoformat(answer.now)
        exchanges = self._sender.taken()
        if not self._recall.repeats:
            self._stream.record(
                JournalEntry(
                    number=self._recall.asked,
                    capability=call.capability,
                    method=call.method,
                    line=call.line,
                    now=now,
                    exchanges=exchanges,
                )
            )
            await self._stream.flush()
        return replace(answer, now=now.isoformat())

    async def _answer(self, call: GuestCall) -> Answer:
        """Answer *call*; a capability that was not given is a ``Failed`` answer."""
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
