"""``http``: the script's calls, made by the bound client as the initiator."""

import asyncio
import json
import time
from typing import Annotated, TypeAlias, cast
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from deputize.execution.budget import Budget
from deputize.execution.recorder import ExchangeRecorder
from deputize_client import (
    BoundClient,
    CredentialMissing,
    Exchange,
    OutboundRequest,
    ReceivedResponse,
    refusal_reason,
    status_message,
)
from deputize_sandbox import Answer, Answered, Failed, GuestCall

_UNAUTHORIZED = 401

#: A pair comes as a list: JSON has no tuples.
Pair: TypeAlias = Annotated[tuple[str, str], Field(strict=False)]


class GuestRequest(BaseModel):
    """One request as a guest describes it; a user, credential or identity has no place in it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    method: str = Field(max_length=32)
    path: str = Field(max_length=64 * 1024)
    endpoint: str = Field(max_length=512)
    params: list[Pair] = Field(default_factory=list, max_length=1000)
    headers: list[Pair] = Field(default_factory=list, max_length=256)
    # None is a body too (`null`), so a body is there when its key is: see `body()`.
    json_: JsonValue = Field(default=None, alias="json")
    data: list[Pair] | None = None
    content: str | None = None
    timeout: float | None = Field(default=None, gt=0, allow_inf_nan=False)

    def body(self) -> tuple[bytes | None, str | None]:
        """Return the body's bytes and its content type, both None when there is no body."""
        if "json_" in self.model_fields_set:
            text = json.dumps(self.json_, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
            return text.encode(), "application/json"
        if self.data is not None:
            return urlencode(self.data).encode(), "application/x-www-form-urlencoded"
        if self.content is not None:
            return self.content.encode(), None
        return None, None


class SendArguments(BaseModel):
    """The arguments of ``http.send``."""

    model_config = ConfigDict(extra="forbid")

    request: GuestRequest


class SendAllArguments(BaseModel):
    """The arguments of ``http.send_all``."""

    model_config = ConfigDict(extra="forbid")

    requests: list[GuestRequest] = Field(max_length=1000)


class HttpCapability:
    """Sends what a script asks for, records it, and answers with data: a status never raises."""

    #: Requests of one ``send_all`` that are under way at once.
    CONCURRENCY = 10

    def __init__(self, *, client: BoundClient, recorder: ExchangeRecorder, budget: Budget) -> None:
        self._client = client
        self._recorder = recorder
        self._budget = budget
        #: Milliseconds during which the script waited for answers.
        self.waited_ms = 0.0

    async def ask(self, call: GuestCall) -> Answer:
        """Answer ``send`` or ``send_all``; raises ``LimitReached`` when the run has no calls left."""
        began = time.monotonic()
        try:
            return await self._ask(call)
        except ValidationError as error:
            return Failed("ValueError", f"http.{call.method}: {_first_problem(error)}")
        finally:
            self.waited_ms += (time.monotonic() - began) * 1000

    async def _ask(self, call: GuestCall) -> Answer:
        if call.method == "send":
            request = SendArguments.model_validate(call.arguments).request
            self._budget.spend_calls(1)
            return await self._send(request, call.line)
        if call.method == "send_all":
            requests = SendAllArguments.model_validate(call.arguments).requests
            self._budget.spend_calls(len(requests))
            return await self._send_all(requests, call.line)
        return Failed("LookupError", f"http has no method {call.method!r}")

    async def _send_all(self, requests: list[GuestRequest], line: int | None) -> Answer:
        slots = asyncio.Semaphore(self.CONCURRENCY)

        async def one(request: GuestRequest) -> JsonValue:
            async with slots:
                match await self._send(request, line):
                    case Answered(value):
                        return value
                    case Failed(type=kind, message=message, cause=cause):
                        return {"error": {"type": kind, "message": message, "cause": cause}}

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(request)) for request in requests]
        return Answered([task.result() for task in tasks])

    async def _send(self, request: GuestRequest, line: int | None) -> Answer:
        try:
            content, content_type = request.body()
        except (ValueError, UnicodeEncodeError):
            return Failed("ValueError", "the body holds what cannot be sent: a lone surrogate or NaN")
        exchange = await self._client.send(
            OutboundRequest(
                method=request.method,
                path=request.path,
                endpoint=request.endpoint,
                params=tuple(request.params),
                headers=tuple(request.headers),
                content=content,
                content_type=content_type,
                timeout=request.timeout,
            )
        )
        await self._recorder.record(exchange, line=line)
        return _answer(exchange)


def _answer(exchange: Exchange) -> Answer:
    """Return what the script gets: a response, or the failure that raises ``HttpError`` there."""
    match exchange.outcome:
        case ReceivedResponse() as received:
            refused = received.status_code in (401, 403)
            return Answered(
                {
                    "status_code": received.status_code,
                    "status_message": received.status_message,
                    "headers": [[name, value] for name, value in received.headers],
                    "text": received.text,
                    "refused": refused,
                    "reason": refusal_reason(received.status_code, received.content) if refused else None,
                    "url": exchange.request.url,
                }
            )
        case CredentialMissing(reason=reason):
            # No credential means no call: to the script it looks like any refusal.
            return Answered(
                {
                    "status_code": _UNAUTHORIZED,
                    "status_message": status_message(_UNAUTHORIZED),
                    "headers": [],
                    "text": "",
                    "refused": True,
                    "reason": reason,
                    "url": exchange.request.url,
                }
            )
        case failure:
            return Failed("HttpError", failure.message, failure.cause)


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(part) for part in cast("tuple[object, ...]", problem["loc"]))
    return f"{where}: {problem['msg']}"
