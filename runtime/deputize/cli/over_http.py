"""Asks a server over HTTP as somebody who signs in there."""

from typing import Final, Literal
from urllib.parse import urlsplit

import httpx
from pydantic import JsonValue

from deputize.cli.errors import ServerDenied, ServerRefused, ServerUnreachable
from deputize.cli.secret_input import read_hidden
from deputize.errors import Misconfigured

_SECONDS: Final = 60
#: Codes of problem documents by which the server says that whoever asks may not.
_DENIED: Final = frozenset({"LOGIN_NOT_PERMITTED", "NOT_PERMITTED", "CHAIN_CYCLE", "CHAIN_TOO_DEEP"})


class AddressInvalid(Misconfigured):
    """What was given is not the address of a run, or of a schedule."""

    code = "ADDRESS_INVALID"


def run_address(url: str) -> str:
    """Return where the API has the run at *url*: ``https://HOST/runs/ID`` or the API's own address of it."""
    return _address(url, of="run")


def schedule_address(url: str) -> str:
    """Return where the API has the schedule at *url*, as ``run_address`` does."""
    return _address(url, of="schedule")


def _address(url: str, *, of: str) -> str:
    parts = urlsplit(url)
    before, found, after = parts.path.partition(f"/{of}s/")
    key = after.partition("/")[0]
    if parts.scheme not in ("http", "https") or not parts.netloc or not found or not key:
        raise AddressInvalid(f"{url}: not the address of a {of}. Write https://HOST/{of}s/ID.")
    root = before.removesuffix("/api/v1")
    return f"{parts.scheme}://{parts.netloc}{root}/api/v1/{of}s/{key}"


async def ask(
    method: Literal["DELETE", "GET", "POST", "PUT"],
    address: str,
    *,
    user: str,
    password: str,
    body: JsonValue = None,
    headers: dict[str, str] | None = None,
) -> bytes:
    """Return what the server answers at *address*; a *body* is sent as JSON.

    Raises ``ServerUnreachable`` without an answer, ``ServerDenied`` where *user* has not the right, and
    ``ServerRefused`` for every other answer that is no success.
    """
    try:
        async with httpx.AsyncClient(timeout=_SECONDS, auth=(user, password)) as client:
            answer = await client.request(method, address, headers=headers, json=body)
    except httpx.HTTPError as error:
        raise ServerUnreachable(f"{address}: {type(error).__name__}: {error}") from None
    if answer.is_success:
        return answer.content
    try:
        problem = answer.json()
        code, why = str(problem["code"]), f"{problem['code']}: {problem['detail']}"
    except (ValueError, KeyError, TypeError):
        code, why = "", f"status {answer.status_code}"
    raise (ServerDenied if code in _DENIED else ServerRefused)(f"{address}: {why}")


def password_of(user: str, *, file: str | None) -> str:
    """Return the password of *user* from *file*, a prompt or stdin."""
    return read_hidden(f"password of {user}", file=file, twice=False)
