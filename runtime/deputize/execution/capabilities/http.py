"""``http``: the script's calls, made by the bound client as the initiator."""

import asyncio

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from deputize.execution.budget import Budget
from deputize.execution.capabilities.answers import answer_to, malformed
from deputize.execution.capabilities.guest_request import GuestRequest
from deputize.execution.sender import Asked, Sender, Sending
from deputize_sandbox import Answer, Answered, Failed, GuestCall


class SendArguments(BaseModel):
    """The arguments of ``http.send``."""

    model_config = ConfigDict(extra="forbid")

    request: GuestRequest


class SendAllArguments(BaseModel):
    """The arguments of ``http.send_all``."""

    model_config = ConfigDict(extra="forbid")

    requests: list[GuestRequest] = Field(max_length=1000)


class HttpCapability:
    """Sends what a script asks for, and answers with data: a status never raises."""

    def __init__(self, *, sender: Sender, budget: Budget) -> None:
        self._sender = sender
        self._budget = budget

    async def ask(self, call: GuestCall) -> Answer:
        """Answer ``send`` or ``send_all``; raises ``LimitReached`` when the run has no calls left."""
        with self._sender.waiting():
            try:
                return await self._ask(call)
            except ValidationError as error:
                return malformed(f"http.{call.method}", error)

    async def _ask(self, call: GuestCall) -> Answer:
        if call.method == "send":
            request = SendArguments.model_validate(call.arguments).request
            self._budget.spend_calls(1)
            return answer_to(await self._sender.send(_asked(request, call.line)))
        if call.method == "send_all":
            requests = SendAllArguments.model_validate(call.arguments).requests
            self._budget.spend_calls(len(requests))
            return await self._send_all(requests, call.line)
        return Failed("LookupError", f"http has no method {call.method!r}")

    async def _send_all(self, requests: list[GuestRequest], line: int | None) -> Answer:
        slots = asyncio.Semaphore(self._budget.limits.concurrent_calls)
        sendings = self._sender.prepare([_asked(request, line) for request in requests])

        async def one(sending: Sending) -> JsonValue:
            async with slots:
                exchange = await sending()
                # Each by itself: the others may take their time, and nobody knows how they end.
                await self._sender.kept()
                match answer_to(exchange):
                    case Answered(value):
                        return value
                    case Failed(type=kind, message=message, cause=cause):
                        return {"error": {"type": kind, "message": message, "cause": cause}}

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(sending)) for sending in sendings]
        return Answered([task.result() for task in tasks])


def _asked(request: GuestRequest, line: int | None) -> Asked:
    words: dict[str, JsonValue] = request.model_dump(mode="json", by_alias=True, exclude_unset=True)
    body = next((words[name] for name in ("json", "data", "content") if name in words), None)
    return Asked(request=request.outbound(), words=words, body=body, line=line)
