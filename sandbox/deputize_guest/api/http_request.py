"""A call that can be prepared, changed, sent, and sent again."""

import math
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from deputize_guest.secret import Secret, shows_a_secret, wire_form
from deputize_guest.values import JsonValue, to_template

Scalar: TypeAlias = str | int | float | bool | Secret | None
#: A query or a form: a mapping of names to a value or a list of values, or a list of pairs.
Fields: TypeAlias = Mapping[str, Scalar | Iterable[Scalar]] | Iterable[tuple[str, Scalar]]
HeaderFields: TypeAlias = Mapping[str, str | Secret] | Iterable[tuple[str, str | Secret]]


class HttpRequest:
    """A request that has not been sent. Its attributes may be changed; it may be sent any number of times.

    Of ``json``, ``data`` (form fields) and ``content`` (a text sent as it is) at most one may be set.
    ``params`` and ``headers`` are dicts, or lists of pairs when they were given so.
    """

    __slots__ = ("content", "data", "endpoint", "headers", "json", "method", "params", "path", "timeout")

    def __init__(
        self,
        method: str,
        path: str = "",
        *,
        endpoint: str = "platform",
        params: Fields | None = None,
        headers: HeaderFields | None = None,
        json: Any = None,
        data: Fields | None = None,
        content: str | bytes | Secret | None = None,
        timeout: float | None = None,
    ) -> None:
        #: ``GET``, ``POST``, … in any case.
        self.method = method
        #: Below the endpoint's base URL; a leading slash makes no difference.
        self.path = path
        #: The name of a configured endpoint; ``platform`` is called as the initiator.
        self.endpoint = endpoint
        self.params: Any = _copy(params)
        self.headers: Any = _copy(headers)
        #: Sent as JSON. None means no body.
        self.json = json
        self.data: Any = _copy(data) if data is not None and not isinstance(data, str) else data
        self.content = content
        #: Seconds for the whole call; None leaves it to the host, which has its own bound in any case.
        self.timeout = timeout

    def __repr__(self) -> str:
        return f"<HttpRequest {self.method} {self.path} to {self.endpoint}>"


def to_wire(request: HttpRequest) -> dict[str, JsonValue]:
    """Return *request* as the host reads it. Raises TypeError or ValueError naming the argument."""
    for name in ("method", "path", "endpoint"):
        if not isinstance(getattr(request, name), str):
            raise TypeError(f"{name} must be a text, not {_type(getattr(request, name))}")
    if not request.method:
        raise ValueError("method must not be empty")
    bodies = [name for name in ("json", "data", "content") if getattr(request, name) is not None]
    if len(bodies) > 1:
        raise ValueError(f"only one of json, data and content may be given, not {' and '.join(bodies)}")
    wire: dict[str, JsonValue] = {
        "method": request.method.upper(),
        "path": request.path,
        "endpoint": request.endpoint,
        "params": _fields(request.params, "params"),
        "headers": _headers(request.headers),
        "timeout": None if request.timeout is None else timeout_seconds(request.timeout),
    }
    if request.json is not None:
        wire["json"] = to_template(request.json, "json holds")
    elif request.data is not None:
        wire["data"] = _fields(request.data, "data")
    elif request.content is not None:
        wire["content"] = _content(request.content)
    return wire


def _copy(given: Any) -> Any:
    if given is None:
        return {}
    return dict(given) if isinstance(given, Mapping) else given if isinstance(given, str) else list(given)


def _pairs(given: Any, argument: str) -> Iterable[tuple[Any, Any]]:
    if given is None:
        return []
    if isinstance(given, Mapping):
        return list(given.items())
    if isinstance(given, str | bytes):
        hint = "; use content= for a text" if argument == "data" else ""
        raise TypeError(f"{argument} must be a mapping or a list of pairs, not {_type(given)}{hint}")
    pairs = []
    for pair in given:
        if not isinstance(pair, tuple | list) or len(pair) != 2:  # noqa: PLR2004 - a pair
            raise TypeError(f"{argument} must be a mapping or a list of pairs; an item is {_type(pair)}")
        pairs.append((pair[0], pair[1]))
    return pairs


def _fields(given: Any, argument: str) -> list[JsonValue]:
    fields: list[JsonValue] = []
    for name, value in _pairs(given, argument):
        if not isinstance(name, str):
            raise TypeError(f"the names of {argument} must be texts, not {_type(name)}")
        values = value if isinstance(value, list | tuple | set | frozenset) else [value]
        fields += [[name, _scalar(each, f"{argument}[{name!r}]")] for each in values if each is not None]
    return fields


def _scalar(value: Any, argument: str) -> JsonValue:
    if isinstance(value, Secret):
        return {**wire_form(value)}
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise TypeError(
        f"{argument} must be a text, a number, a boolean, None, or a list of them, not {_type(value)}"
    )


def _headers(given: Any) -> list[JsonValue]:
    headers: list[JsonValue] = []
    for name, value in _pairs(given, "headers"):
        if not isinstance(name, str):
            raise TypeError(f"the names of headers must be texts, not {_type(name)}")
        if value is None:
            continue
        headers.append([name, _header(value, name)])
    return headers


def _header(value: Any, name: str) -> JsonValue:
    if isinstance(value, Secret):
        return {**wire_form(value)}
    if not isinstance(value, str):
        raise TypeError(f"headers[{name!r}] must be a text, not {_type(value)}")
    if shows_a_secret(value):
        raise ValueError(
            f"headers[{name!r}] holds the name of a secret where its value must go; join them: "
            '"Bearer " + secrets["NAME"]'
        )
    return value


def timeout_seconds(seconds: Any) -> float:
    """Return *seconds* as the host reads it. Raises TypeError or ValueError."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise TypeError(f"timeout must be a number of seconds, not {_type(seconds)}")
    if not (math.isfinite(seconds) and seconds > 0):
        raise ValueError(f"timeout must be more than 0 seconds, not {seconds}")
    return float(seconds)


def _content(content: Any) -> JsonValue:
    if isinstance(content, Secret):
        return {**wire_form(content)}
    if isinstance(content, bytes | bytearray):
        try:
            return bytes(content).decode()
        except UnicodeDecodeError:
            raise ValueError("content must be text in UTF-8; encode other bytes as base64") from None
    if not isinstance(content, str):
        raise TypeError(f"content must be a text, not {_type(content)}")
    return content


def _type(value: object) -> str:
    return type(value).__name__
