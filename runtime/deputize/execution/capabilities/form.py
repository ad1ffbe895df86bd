"""``form``: the script posts the form of its integration, as the initiator."""

import json
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from deputize.activity.entries import FormPosted, HttpExchange
from deputize.activity.stream import ActivityStream
from deputize.execution.budget import Budget
from deputize.execution.capabilities.answers import answer_to, malformed
from deputize.execution.capabilities.guest_request import template
from deputize.execution.order import FormTarget
from deputize.execution.recorder import PLATFORM
from deputize.execution.sender import Asked, Sender
from deputize_client import Exchange, JsonBody, OutboundRequest, ReceivedResponse
from deputize_sandbox import Answer, Failed, GuestCall

_REFUSED_FROM = 300
#: Characters of an id that the stream keeps.
_LONGEST_ID = 200
#: Recipients who were left out, of whom an entry tells.
_MOST_NAMES = 100


class PostArguments(BaseModel):
    """The arguments of ``form.post``."""

    model_config = ConfigDict(extra="forbid", strict=True)

    #: The body as the platform's REST API takes it.
    trigger: dict[str, JsonValue]
    timeout: float | None = Field(default=None, gt=0, allow_inf_nan=False)


class FormCapability:
    """Posts one form, and writes beside the exchange that it was posted.

    The run's id and the integration's go with it, and nothing that the script says of them.
    """

    def __init__(
        self,
        *,
        target: FormTarget,
        run_id: str,
        integration_id: str,
        sender: Sender,
        stream: ActivityStream,
        budget: Budget,
        idempotent: bool = False,
    ) -> None:
        """Say with *idempotent* whether the platform tells a repeated post by its ``Idempotency-Key``."""
        self._idempotent = idempotent
        self._target = target
        self._ours: dict[str, JsonValue] = {"requestId": run_id, "integrationUUID": integration_id}
        self._sender = sender
        self._stream = stream
        self._budget = budget

    async def ask(self, call: GuestCall) -> Answer:
        """Answer ``post``; raises ``LimitReached`` when the run has no calls left."""
        if call.method != "post":
            return Failed("LookupError", f"form has no method {call.method!r}")
        with self._sender.waiting():
            try:
                arguments = PostArguments.model_validate(call.arguments)
            except ValidationError as error:
                return malformed("form.post", error)
            request = OutboundRequest(
                method="POST",
                path=self._target.path,
                endpoint=PLATFORM,
                content=JsonBody(template({**arguments.trigger, **self._ours})),
                content_type="application/json",
                timeout=arguments.timeout,
            )
            self._budget.spend_calls(1)
            words: JsonValue = {"form": self._target.path, "trigger": arguments.trigger}
            asked = Asked(
                request=request,
                words=words,
                body=arguments.trigger,
                line=call.line,
                idempotent=self._idempotent,
            )
            return answer_to(await self._sender.send(asked, note=self._note))

    def _note(self, exchange: Exchange, written: HttpExchange) -> None:
        received = exchange.outcome
        if not isinstance(received, ReceivedResponse):
            # Whether it was posted is not known; the exchange says what is.
            return
        posted = received.status_code < _REFUSED_FROM
        accepted = _accepted(received.content) if posted else _Accepted()
        self._stream.append(
            FormPosted,
            line=written.script.line,
            level="info" if posted and not accepted.not_sent_to else "warning",
            form=self._target.name,
            status_code=received.status_code,
            status_message=received.status_message,
            request_id=accepted.request_id,
            not_sent_to=list(accepted.not_sent_to),
            exchange=written.seq,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Accepted:
    """What the platform answered to a post, as far as it said it."""

    request_id: str | None = None
    not_sent_to: tuple[str, ...] = ()


def _accepted(content: bytes) -> _Accepted:
    """Return what an answer says; what could not be an id, or names, is left out."""
    try:
        answer: Any = json.loads(content)
    except (ValueError, RecursionError):
        return _Accepted()
    if not isinstance(answer, dict):
        return _Accepted()
    given, left_out = answer.get("requestId"), answer.get("notSentTo")
    names = left_out[:_MOST_NAMES] if isinstance(left_out, list) else []
    return _Accepted(
        request_id=given[:_LONGEST_ID] if isinstance(given, str) else None,
        not_sent_to=tuple(each[:_LONGEST_ID] for each in names if isinstance(each, str)),
    )
