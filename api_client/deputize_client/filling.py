"""Puts the values of secrets into a request, or marks for people to read.

A request is filled whole or refused: every secret in it is looked up, and its endpoint judged, before
the first value is put in.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial
from urllib.parse import quote

from deputize_client.bodies import Body, filled
from deputize_client.credentials import MissingSecret, Secret
from deputize_client.endpoint import Endpoint
from deputize_client.errors import CallFailed, shown
from deputize_client.messages import Headers, OutboundRequest
from deputize_client.references import Fill, GuardedSecret, SecretReference, Text, mark, unquoted


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledRequest:
    """What of a request can hold secrets, with a text in the place of each."""

    params: tuple[tuple[str, str], ...]
    headers: Headers = field(repr=False)
    content: bytes | None = field(repr=False)


def references(request: OutboundRequest) -> tuple[SecretReference, ...]:
    """Return every reference in *request*."""
    return tuple(_references(request))


def usable_secrets(
    endpoint: Endpoint, wanted: tuple[SecretReference, ...], guarded: Mapping[str, GuardedSecret]
) -> dict[str, Secret]:
    """Return the secrets that *wanted* names, by name.

    Raises ``CallFailed`` (invalid_request), naming secret, endpoint and setting, for one that is
    unknown, is not set, or may not be sent to *endpoint*.
    """
    found: dict[str, Secret] = {}
    for name in dict.fromkeys(each.name for each in wanted):
        known = guarded.get(name)
        if known is None:
            raise _unknown(endpoint, name, guarded)
        if endpoint.name not in known.endpoints:
            raise _refused(
                endpoint,
                f"the secret {shown(name)!r} may not be sent there, so nothing was sent. To allow it, add"
                f" {endpoint.name!r} to `endpoints` of the secret.",
            )
        if isinstance(known.secret, MissingSecret):
            raise _refused(
                endpoint,
                f"the secret {shown(name)!r} is not set, so nothing was sent. Set {known.secret.setting}.",
            )
        found[name] = known.secret
    return found


def filled_request(
    endpoint: Endpoint, request: OutboundRequest, secrets: Mapping[str, Secret]
) -> FilledRequest:
    """Return *request* with the values of *secrets*; raises ``CallFailed`` (invalid_request)."""

    def anywhere(reference: SecretReference) -> str:
        return reference.around(secrets[reference.name].reveal())

    def on_one_line(reference: SecretReference) -> str:
        # Judged here, because a message about the parameter or header would quote it.
        if any(each < " " or "\x7f" <= each <= "\x9f" for each in secrets[reference.name].reveal()):
            raise _refused(
                endpoint,
                f"the secret {shown(reference.name)!r} holds a control character, which no header or"
                " parameter can carry. Correct the secret.",
            )
        return anywhere(reference)

    try:
        content = _content(request, lambda body: body.encoded(anywhere))
    except (ValueError, RecursionError):
        raise _refused(
            endpoint,
            "the body holds what cannot be sent: a lone surrogate, NaN or an endless nesting. Leave it out.",
        ) from None
    return FilledRequest(
        params=_pairs(request.params, on_one_line),
        headers=_pairs(request.headers, on_one_line),
        content=content,
    )


def shown_request(request: OutboundRequest) -> FilledRequest:
    """Return *request* with a mark for each secret; a body that cannot be encoded is left out."""
    try:
        content = _content(request, lambda body: body.shown())
    except (ValueError, RecursionError):
        content = None
    return FilledRequest(
        params=_pairs(request.params, mark), headers=_pairs(request.headers, mark), content=content
    )


def shown_url(url: str, request: OutboundRequest) -> str:
    """Return *url*, made from the marked parameters of *request*, with the marks readable."""
    named = (value for _, value in request.params if isinstance(value, SecretReference))
    return unquoted(url, named, partial(quote, safe=""))


def shown_headers(sent: Headers, *, filled_in: FilledRequest, marked: FilledRequest) -> Headers:
    """Return *sent* with marks where *filled_in* has the values of secrets."""
    marks = {
        (name.lower(), value.strip(" ")): readable
        for (name, value), (_, readable) in zip(filled_in.headers, marked.headers, strict=True)
        if value != readable
    }
    return tuple((name, marks.get((name.lower(), value), value)) for name, value in sent)


def _references(request: OutboundRequest) -> Iterator[SecretReference]:
    for _, value in (*request.params, *request.headers):
        if isinstance(value, SecretReference):
            yield value
    if request.content is not None and not isinstance(request.content, bytes):
        yield from request.content.references()


def _content(request: OutboundRequest, encode: Callable[[Body], bytes]) -> bytes | None:
    content = request.content
    return content if content is None or isinstance(content, bytes) else encode(content)


def _pairs(pairs: tuple[tuple[str, Text], ...], fill: Fill) -> tuple[tuple[str, str], ...]:
    return tuple((name, filled(value, fill)) for name, value in pairs)


def _unknown(endpoint: Endpoint, name: str, guarded: Mapping[str, GuardedSecret]) -> CallFailed:
    near = get_close_matches(name[:200], guarded, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    listed = ", ".join(sorted(guarded)) if guarded else "none"
    return _refused(
        endpoint, f"no secret has been defined with name {shown(name)!r}.{hint} Defined are: {listed}."
    )


def _refused(endpoint: Endpoint, why: str) -> CallFailed:
    return CallFailed("invalid_request", f"{endpoint.where}: {why}")
