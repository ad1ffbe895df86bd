"""``log`` and ``print``: lines of the script in the activity stream."""

import json
from typing import Literal, cast

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from deputize.activity.entries import LogEntry
from deputize.activity.stream import ActivityStream
from deputize.activity.truncation import pointer
from deputize.execution.budget import Budget
from deputize.execution.capabilities.answers import misfit
from deputize.execution.recall import Recall
from deputize_sandbox import GuestCall


class LogArguments(BaseModel):
    """What a guest may say in a log call."""

    model_config = ConfigDict(extra="forbid", strict=True)

    message: str
    fields: dict[str, JsonValue]


class LogCapability:
    """Writes log entries; the only thing that a script can write into the stream."""

    def __init__(self, *, stream: ActivityStream, budget: Budget, recall: Recall) -> None:
        self._recall = recall
        self._stream = stream
        self._budget = budget

    async def tell(self, call: GuestCall) -> None:
        """Write one line. Raises ``ValueError`` for a malformed call, ``LimitReached`` for a flood."""
        try:
            arguments = LogArguments.model_validate(call.arguments)
        except ValidationError as error:
            raise ValueError(misfit(error)) from None
        if call.method not in ("debug", "info", "warning", "error"):
            raise ValueError(f"log has no method {call.method!r}")
        fields = json.dumps(arguments.fields, ensure_ascii=False)
        self._budget.spend_log(len(arguments.message.encode("utf-8", "replace")) + len(fields))
        limit = self._budget.limits.log_line_bytes
        pointers = [pointer("fields", name) for name in arguments.fields]
        self._stream.append_unless(
            self._recall.is_written,
            LogEntry,
            line=call.line,
            keep=dict.fromkeys(("/message", *pointers), limit),
            level=cast("Literal['debug', 'info', 'warning', 'error']", call.method),
            message=arguments.message,
            fields=arguments.fields,
        )
