"""Tells by the requests of a caller whether it could send its key in a header."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from deputize.domain.integration import Integration
from deputize.use_cases.migration.findings import Certainty, Finding, patch_command, quoted

#: What nearly every request has, or what stands between adds: that says nothing about the caller.
_ORDINARY: Final = frozenset(
    {
        *("accept", "accept-charset", "accept-encoding", "accept-language", "cache-control", "connection"),
        *("content-length", "content-type", "date", "dnt", "expect", "forwarded", "from", "host"),
        *("idempotency-key", "keep-alive", "origin", "pragma", "prefer", "referer", "te", "traceparent"),
        *("tracestate", "transfer-encoding", "upgrade-insecure-requests", "user-agent", "via"),
        *("x-amzn-trace-id", "x-client-ip", "x-correlation-id", "x-real-ip", "x-request-id"),
    }
)
_ADDED: Final = ("x-forwarded-", "x-envoy-", "x-b3-", "x-cloud-trace-", "cf-", "cdn-", "sec-", "x-amz-cf-")
#: Programs whose every user says which headers they send.
_FREE: Final = re.compile(
    r"(curl|wget|python-requests|python-httpx|python-urllib|aiohttp|go-http-client|okhttp|axios|node-fetch"
    r"|undici|powershell|apache-httpclient|java|faraday|guzzlehttp|postmanruntime|httpie|libwww-perl)\b",
    re.IGNORECASE,
)
_TOLD: Final = 3


def review_caller(
    integration: Integration, where: str, requests: Iterable[Mapping[str, str]]
) -> Finding | None:
    """Return that the method is weaker than the caller could use, by the headers of recent *requests*.

    Only the URL method is: a key in an address ends up in logs. *where* is ``PLAN/NAME``.
    """
    if integration.method != "url":
        return None
    own: set[str] = set()
    programs: set[str] = set()
    seen = 0
    for headers in requests:
        seen += 1
        own |= {name for name in headers if name not in _ORDINARY and not name.startswith(_ADDED)}
        program = _FREE.search(headers.get("user-agent", ""))
        if program is not None:
            programs.add(program[1].lower())
    certainty, evidence = _evidence(sorted(own), sorted(programs), seen=seen)
    method = patch_command(f"/api/v1/integrations/{integration.id}", {"method": "api-key"})
    return Finding(
        code="WEAK_METHOD",
        certainty=certainty,
        integration_id=integration.id,
        integration=where,
        count=seen,
        message="Callers prove who they are by a key in the address, which ends up in logs. " + evidence,
        advice="If the caller can send headers, choose the method api-key, and issue a key to its user.",
        command=f"{method} && deputize key create --integration {quoted(where)} --for USER",
    )


def _evidence(own: list[str], programs: list[str], *, seen: int) -> tuple[Certainty, str]:
    """Return how sure it is that callers could send a header, and a sentence that says why."""
    if own:
        names = ", ".join(own[:_TOLD])
        return "certain", f"They send headers of their own ({names}), so they could send a key in one."
    if programs:
        return "likely", f"They call with {', '.join(programs[:_TOLD])}, which can send any header."
    if seen:
        return "cannot tell", "Whether they could send a header cannot be told by their requests."
    return "cannot tell", "Whether they could send a header cannot be told: no request came lately."
