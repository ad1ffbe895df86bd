"""Exchanges as HAR 1.2 entries, and back.

What HAR has no place for stands in ``_deputize``, as its custom fields begin with an underscore: the name of
the endpoint, as whom the call was sent, and what came when no answer did.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

import httpx

from deputize.activity.journal import (
    JournalBody,
    JournalExchange,
    JournalFailure,
    JournalRequest,
    JournalResponse,
    Pairs,
)
from deputize.bundle.errors import BundleInvalid

_VERSION: Final = "HTTP/1.1"
#: What HAR writes for what is not known.
_UNKNOWN: Final = -1
_OURS: Final = "_deputize"


def entry_of(exchange: JournalExchange) -> dict[str, Any]:
    """Return the HAR entry of *exchange*."""
    return {
        "startedDateTime": datetime.fromtimestamp(exchange.started, UTC).isoformat(),
        "time": exchange.elapsed_ms,
        "request": _request(exchange.request),
        "response": _response(exchange.response),
        "cache": {},
        "timings": {"send": 0, "wait": exchange.elapsed_ms, "receive": 0},
        _OURS: {
            "endpoint": exchange.endpoint,
            "sent_as": exchange.sent_as,
            "started": exchange.started,
            "failure": None if exchange.failure is None else exchange.failure.model_dump(mode="json"),
            "missing": exchange.missing,
            "resent": exchange.resent,
            "explain": None if exchange.explain is None else exchange.explain.model_dump(mode="json"),
        },
    }


def exchange_of(entry: Mapping[str, Any]) -> JournalExchange:
    """Return the exchange of a HAR *entry* that ``entry_of`` made. Raises ``BundleInvalid``."""
    try:
        ours, request, response = entry[_OURS], entry["request"], entry["response"]
        answered = ours["failure"] is None and ours["missing"] is None
        return JournalExchange.model_validate(
            {
                "endpoint": ours["endpoint"],
                "sent_as": ours["sent_as"],
                "request": JournalRequest(
                    method=request["method"],
                    url=request["url"],
                    headers=_pairs(request["headers"]),
                    body=_body(request.get("postData")),
                ),
                "response": None
                if not answered
                else JournalResponse(
                    status_code=response["status"],
                    headers=_pairs(response["headers"]),
                    body=_body(response["content"]) or JournalBody(text=""),
                ),
                "failure": None if ours["failure"] is None else JournalFailure(**ours["failure"]),
                "missing": ours["missing"],
                "started": ours["started"],
                "elapsed_ms": entry["time"],
                "resent": ours["resent"],
                "explain": ours["explain"],
            }
        )
    except (KeyError, TypeError, ValueError) as error:
        what = f"{type(error).__name__}: {error}"
        raise BundleInvalid(f"an entry of the HAR is not as this product writes them ({what}).") from None


def _request(request: JournalRequest) -> dict[str, Any]:
    query = httpx.QueryParams(request.url.partition("?")[2]).multi_items()
    shown: dict[str, Any] = {
        "method": request.method,
        "url": request.url,
        "httpVersion": _VERSION,
        "cookies": [],
        "headers": _named(request.headers),
        "queryString": [{"name": name, "value": value} for name, value in query],
        "headersSize": _UNKNOWN,
        "bodySize": 0 if request.body is None else len(request.body.content),
    }
    if request.body is not None:
        shown["postData"] = {"mimeType": _header(request.headers, "content-type"), **_text(request.body)}
    return shown


def _response(response: JournalResponse | None) -> dict[str, Any]:
    if response is None:
        # As browsers write a call that got no answer.
        return {
            "status": 0,
            "statusText": "",
            "httpVersion": _VERSION,
            "cookies": [],
            "headers": [],
            "content": {"size": 0, "mimeType": ""},
            "redirectURL": "",
            "headersSize": _UNKNOWN,
            "bodySize": _UNKNOWN,
        }
    size = len(response.body.content)
    return {
        "status": response.status_code,
        "statusText": _phrase(response.status_code),
        "httpVersion": _VERSION,
        "cookies": [],
        "headers": _named(response.headers),
        "content": {
            "size": size,
            "mimeType": _header(response.headers, "content-type"),
            **_text(response.body),
        },
        "redirectURL": _header(response.headers, "location"),
        "headersSize": _UNKNOWN,
        "bodySize": size,
    }


def _text(body: JournalBody) -> dict[str, str]:
    return {"text": body.text} | ({} if body.encoding is None else {"encoding": body.encoding})


def _body(content: Mapping[str, Any] | None) -> JournalBody | None:
    if content is None:
        return None
    body = JournalBody(text=content.get("text", ""), encoding=content.get("encoding"))
    # Looked at here, where a wrong one can be told.
    _ = body.content
    return body


def _named(pairs: Pairs) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _pairs(named: Any) -> Pairs:
    return tuple((str(each["name"]), str(each["value"])) for each in named)


def _header(pairs: Pairs, wanted: str) -> str:
    return next((value for name, value in pairs if name.lower() == wanted), "")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
