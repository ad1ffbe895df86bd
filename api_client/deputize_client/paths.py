"""Joins a path to a base URL, which it can never leave.

The path is judged in every form that a server between here and there may see: as it is, after each
round of percent-decoding until nothing changes, and in its compatibility form (a full-width full stop
is a full stop to some). What is sent is the path as written, with only those characters encoded that
no URI may hold; a valid ``%XX`` stays as it is, so an encoded slash may stand inside a segment.
"""

import re
import unicodedata
from urllib.parse import quote, unquote_to_bytes

import httpx

from deputize_client.endpoint import Endpoint, origin_of
from deputize_client.errors import CallFailed, shown

#: A path that still changes after so many rounds was made to confuse.
_ROUNDS = 8
#: What a URI may hold, RFC 3986: unreserved, reserved, and brackets as servers accept them.
_LEGAL = "!$&'()*+,-./:;=@_~[]%"
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_AUTHORITY = re.compile(r"\s*(//|[A-Za-z][A-Za-z0-9+.-]*:/|[@:])")
_DOTS = re.compile(r"\s*\.{1,2}\s*(;.*)?", re.DOTALL)
#: Longer than necessary UTF-8: lenient decoders read a dot or a slash out of it.
_OVERLONG = re.compile(rb"[\xc0\xc1]|\xe0[\x80-\x9f]|\xf0[\x80-\x8f]")


def join(endpoint: Endpoint, path: str, params: tuple[tuple[str, str], ...] = ()) -> httpx.URL:
    """Return the URL of *path* below the endpoint's base URL, *params* appended to its query.

    No slash is doubled or lost; an empty path is the base URL alone. Raises ``CallFailed`` with
    cause ``invalid_request`` for a path that would leave the base, name another host, or hold a
    fragment or control character.
    """
    base = httpx.URL(endpoint.base_url)
    below, mark, query = path.partition("?")
    _check(endpoint, path, below)
    base_path = base.raw_path.decode("ascii")
    encoded = _encode(below, safe=_LEGAL)
    _check_segments(endpoint, path, encoded)
    full = base_path.rstrip("/") + "/" + encoded.removeprefix("/") if encoded else base_path
    pairs = [_encode(query, safe=_LEGAL + "?")] if mark and query else []
    pairs += [f"{_param(endpoint, name)}={_param(endpoint, value)}" for name, value in params]
    target = full + ("?" + "&".join(pairs) if pairs else "")
    try:
        url = base.copy_with(raw_path=target.encode("ascii"))
    except httpx.InvalidURL:
        raise _refused(endpoint, path, "it is too long or is not a URL") from None
    # Defence in depth: what the HTTP library made of it is still below the base.
    if origin_of(url) != endpoint.origin or not _below(url.raw_path, base_path):
        raise _refused(endpoint, path, "it does not stay below the base URL")
    if endpoint.paths is not None and not any(
        _below(url.raw_path, _allowed(base_path, each)) for each in endpoint.paths
    ):
        listed = ", ".join(endpoint.paths) or "none"
        raise CallFailed(
            "invalid_request",
            f"{endpoint.where}: the path {shown(path)!r} is not among those that may be called: {listed}."
            " If it is meant, add it to `paths` of the endpoint.",
        )
    return url


def _allowed(base_path: str, path: str) -> str:
    return base_path.rstrip("/") + "/" + _encode(path.strip("/"), safe=_LEGAL)


def _below(raw_path: bytes, base_path: str) -> bool:
    path = raw_path.decode("ascii").partition("?")[0]
    return path == base_path or path.startswith(base_path.rstrip("/") + "/")


def _check(endpoint: Endpoint, path: str, below: str) -> None:
    if any("\ud800" <= each <= "\udfff" for each in path):
        raise _refused(endpoint, path, "it holds a lone surrogate")
    if _has_control(path):
        raise _refused(endpoint, path, "it holds a control character")
    if "#" in path:
        raise _refused(endpoint, path, "it holds a fragment ('#'; write %23 for the character)")
    if _AUTHORITY.match(below):
        raise _refused(endpoint, path, "it names a host of its own")
    _check_segments(endpoint, path, below)


def _check_segments(endpoint: Endpoint, path: str, below: str) -> None:
    form = below.encode()
    for _ in range(_ROUNDS):
        if _OVERLONG.search(form):
            raise _refused(endpoint, path, "it holds overlong UTF-8")
        text = form.decode("utf-8", "replace")
        for seen in {text, unicodedata.normalize("NFKC", text)}:
            if "\\" in seen:
                raise _refused(endpoint, path, "it holds a backslash")
            if _has_control(seen):
                raise _refused(endpoint, path, "it holds a control character")
            if any(_DOTS.fullmatch(segment) for segment in seen.split("/")):
                raise _refused(endpoint, path, "it holds a '.' or '..' segment")
        decoded = unquote_to_bytes(form)
        if decoded == form:
            return
        form = decoded
    raise _refused(endpoint, path, "it is percent-encoded over and over")


def _encode(text: str, *, safe: str) -> str:
    return quote(_STRAY_PERCENT.sub("%25", text), safe=safe)


def _param(endpoint: Endpoint, text: str) -> str:
    if _has_control(text) or any("\ud800" <= each <= "\udfff" for each in text):
        raise CallFailed(
            "invalid_request",
            f"{endpoint.where}: the parameter {shown(text)!r} holds a control character. Leave it out.",
        )
    return quote(text, safe="")


def _has_control(text: str) -> bool:
    return any(each < " " or "\x7f" <= each <= "\x9f" for each in text)


def _refused(endpoint: Endpoint, path: str, why: str) -> CallFailed:
    return CallFailed(
        "invalid_request",
        f"{endpoint.where}: the path {shown(path)!r} is refused, because {why}."
        " Give a path below the endpoint's base URL.",
    )
