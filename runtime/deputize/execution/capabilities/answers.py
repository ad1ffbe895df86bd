"""What a script gets for a call: a response, or the failure that raises ``HttpError`` there."""

from typing import cast

from pydantic import ValidationError

from deputize_client import CredentialMissing, Exchange, ReceivedResponse, refusal_reason, status_message
from deputize_sandbox import Answer, Answered, Failed

_UNAUTHORIZED = 401


def answer_to(exchange: Exchange) -> Answer:
    """Return the answer for the script whose call came to *exchange*."""
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


def malformed(call: str, error: ValidationError) -> Failed:
    """Return the answer to arguments that do not fit, naming the first that does not."""
    return Failed("ValueError", f"{call}: {misfit(error)}")


def misfit(error: ValidationError) -> str:
    """Return the first argument that does not fit and why, without what was given."""
    problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(part) for part in cast("tuple[object, ...]", problem["loc"]))
    return f"{where}: {problem['msg']}"
