"""What a script is given of a request: everything but the credential that came with it."""

from collections.abc import Sequence
from typing import Final

from deputize.domain.start import Start, inbound_start
from deputize.inbound.content import Content, read_json
from deputize.inbound.presented import Parameters, is_credential_parameter
from deputize.inbound.received import Headers, ReceivedRequest
from deputize_client import Redactor, Secret

#: Headers that carry what opens this server, or may.
_CREDENTIALS: Final = frozenset({"authorization", "proxy-authorization", "cookie"})


def start_of(
    request: ReceivedRequest,
    *,
    secrets: Sequence[Secret],
    integration_id: str,
    request_id: str,
    query: Parameters,
    content: Content,
) -> Start:
    """Return what is kept of *request*, and given to the script.

    What carries credentials is left out. Where the *secrets* of this one stand all the same – a proxy that
    writes the whole address into a header, a sender that quotes it, a header that holds a signature – a
    mark takes their place.
    """
    redactor = Redactor()
    for secret in secrets:
        redactor.register(secret)
    text, found = redactor.redact_values(content.text)
    return inbound_start(
        request_id=request_id,
        integration_id=integration_id,
        headers=_headers(request.headers, redactor),
        parameters=_parameters((*query, *content.fields), redactor),
        body=text,
        payload=read_json(text) if found and content.payload is not None else content.payload,
        remote_address=request.remote_address,
    )


def _headers(headers: Headers, redactor: Redactor) -> dict[str, str]:
    """Return *headers* by name in lower case; the values of a repeated one are joined (RFC 9110)."""
    given: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        if key not in _CREDENTIALS:
            clean, _ = redactor.redact_values(value)
            given[key] = f"{given[key]}, {clean}" if key in given else clean
    return given


def _parameters(parameters: Sequence[tuple[str, str]], redactor: Redactor) -> dict[str, str]:
    """Return *parameters* by name; of a repeated one the first value counts, so the query before a form."""
    given: dict[str, str] = {}
    for name, value in parameters:
        if not is_credential_parameter(name):
            given.setdefault(redactor.redact_values(name)[0], redactor.redact_values(value)[0])
    return given
