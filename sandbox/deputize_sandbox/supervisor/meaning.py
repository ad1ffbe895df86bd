"""What the messages of a guest mean to the host, and how the host's answers are written down for it."""

import asyncio

from deputize_sandbox.capability import Answer, Answered, GuestCall
from deputize_sandbox.outcome import Faulted, Outcome, Returned, ScriptFrame, Usage
from deputize_sandbox.supervisor.messages import CallMessage, FaultedMessage, ReturnedMessage, TellMessage


def guest_call(message: CallMessage | TellMessage) -> GuestCall:
    """Return the call that *message* makes."""
    return GuestCall(
        capability=message.capability,
        method=message.method,
        arguments=message.arguments,
        line=message.line,
    )


def answer_frame(number: int, answer: Answer, *, now: str) -> dict[str, object]:
    """Return the frame that answers call *number*; *now* is what the script's clock shows from here on."""
    if isinstance(answer, Answered):
        return {"id": number, "value": answer.value, "now": now}
    failed = {"type": answer.type, "message": answer.message, "cause": answer.cause}
    return {"id": number, "failed": failed, "now": now}


def outcome_of(final: ReturnedMessage | FaultedMessage, *, usage: asyncio.Future[Usage]) -> Outcome:
    """Return the outcome that *final* tells."""
    if isinstance(final, ReturnedMessage):
        return Returned(value=final.value, usage=usage)
    return Faulted(
        type=final.type,
        message=final.message,
        traceback=tuple(
            ScriptFrame(
                line=each.line,
                function=each.function,
                column=each.column,
                end_column=each.end_column,
                file=each.file,
            )
            for each in final.traceback
        ),
        usage=usage,
    )
