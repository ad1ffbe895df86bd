"""The credential that a request presents, told by its shape alone: exactly one is looked at.

Nothing is looked up here. What a request presents, and how much work is then spent on it, depends on
what the caller wrote and on nothing that the caller could find out by it.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import parse_qsl

from deputize.credentials.compact_jws import is_compact_jws
from deputize.credentials.keys import KEY_ID, is_api_secret, is_key_id, is_url_key
from deputize.inbound.received import ReceivedRequest
from deputize_client import Secret

#: The query key of a URL key, in folded case: written otherwise it means the same.
URL_KEY_PARAMETER: Final = "apikey"
#: Nobody's token belongs into an address or a form (RFC 9700).
TOKEN_PARAMETER: Final = "access_token"  # noqa: S105 - the name of a parameter
RUN_TOKEN: Final = "dpt_"  # noqa: S105 - what tokens of runs begin with

#: Characters; longer ones are nobody's.
_LONGEST_NAME: Final = 100
_LONGEST_PASSWORD: Final = 1024
_LONGEST_TOKEN: Final = 200
_MOST_PARAMETERS: Final = 1000

Parameters: TypeAlias = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedUrlKey:
    """``?apiKey=dpu_…``."""

    url_key: Secret

    def secrets(self) -> tuple[Secret, ...]:
        """Return what must not be seen again."""
        return (self.url_key,)


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedPassword:
    """``Authorization: Basic`` with anybody's name."""

    name: str
    password: Secret
    #: What the header carries.
    token: Secret

    def secrets(self) -> tuple[Secret, ...]:
        """Return what must not be seen again.

        Not the password by itself: it may be a word, and a gap where that word stood would tell it.
        """
        return (self.token,)


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedApiKey:
    """``Authorization: Basic`` with a key id as the name."""

    key_id: str
    secret: Secret
    token: Secret

    def secrets(self) -> tuple[Secret, ...]:
        """Return what must not be seen again."""
        return self.secret, self.token


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedRunToken:
    """``Authorization: Bearer dpt_…``: a script calls."""

    token: Secret

    def secrets(self) -> tuple[Secret, ...]:
        """Return what must not be seen again."""
        return (self.token,)


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedAccessToken:
    """``Authorization: Bearer`` with a signed token: an application calls for somebody."""

    token: Secret

    def secrets(self) -> tuple[Secret, ...]:
        """Return what must not be seen again."""
        return (self.token,)


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedSignature:
    """Neither Authorization nor a URL key: if anything proves who calls, it is how *request* is signed.

    Which headers say so is settled by the integration, so that the shape of the request tells no more.
    """

    request: ReceivedRequest

    def secrets(self) -> tuple[Secret, ...]:
        """Return nothing: what its signatures are is known once it has been identified."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingPresented:
    """There is no credential that could be anybody's; *why* is for the operator."""

    why: str

    def secrets(self) -> tuple[Secret, ...]:
        """Return nothing: what is written as nothing of ours is told by its place alone."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguous:
    """More than one credential, or one in a place of its own; *why* is a sentence for the caller."""

    why: str

    def secrets(self) -> tuple[Secret, ...]:
        """Return nothing: none of them is looked at."""
        return ()


Credential: TypeAlias = (
    PresentedUrlKey
    | PresentedPassword
    | PresentedApiKey
    | PresentedRunToken
    | PresentedAccessToken
    | PresentedSignature
)
Presented: TypeAlias = Credential | NothingPresented | Ambiguous


def query_parameters(query: str) -> Parameters | None:
    """Return the parameters of a query or a form in their order; None for what is none."""
    try:
        return parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        return None


def is_credential_parameter(name: str) -> bool:
    """Whether a parameter of that *name* carries a credential."""
    return name.casefold() in (URL_KEY_PARAMETER, TOKEN_PARAMETER)


def presented_by(request: ReceivedRequest, parameters: Parameters) -> Presented:
    """Return what *request*, whose query has *parameters*, presents."""
    keys = [value for name, value in parameters if name.casefold() == URL_KEY_PARAMETER]
    headers = request.header_values("authorization")
    if any(name.casefold() == TOKEN_PARAMETER for name, _ in parameters):
        return Ambiguous(why="A token belongs into the header Authorization, not into the address.")
    if len(keys) + len(headers) > 1:
        return Ambiguous(why="The request has more than one credential. Send exactly one.")
    if keys:
        return _url_key(keys[0])
    if headers:
        return _authorization(headers[0])
    return PresentedSignature(request=request)


def _url_key(value: str) -> Presented:
    if not is_url_key(value):
        return NothingPresented(why="apiKey is not written as URL keys are")
    return PresentedUrlKey(url_key=Secret("url key", value))


def _authorization(value: str) -> Presented:
    scheme, _, rest = value.strip(" \t").partition(" ")
    rest = rest.strip(" ")
    match scheme.lower():
        case "basic":
            return _basic(rest)
        case "bearer":
            return _bearer(rest)
        case _:
            return NothingPresented(why="an Authorization that is neither Basic nor Bearer")


def _bearer(token: str) -> Presented:
    if is_compact_jws(token):
        return PresentedAccessToken(token=Secret("access token", token))
    if not token.startswith(RUN_TOKEN) or len(token) > _LONGEST_TOKEN or not token.isascii():
        return NothingPresented(why="a Bearer token that is neither a run's nor a signed one")
    return PresentedRunToken(token=Secret("platform token", token))


def _basic(token: str) -> Presented:
    try:
        pair = base64.b64decode(token.encode("ascii"), validate=True).decode("utf-8")
    except (UnicodeError, binascii.Error):
        return NothingPresented(why="a Basic token that is not base64 of UTF-8 (RFC 7617)")
    name, colon, password = pair.partition(":")
    if not (colon and name and password) or any(_is_control(each) for each in pair):
        return NothingPresented(why="a Basic token without a name or password, or with a control character")
    if name.startswith(KEY_ID):
        if not (is_key_id(name) and is_api_secret(password)):
            return NothingPresented(why="an API key that is not written as ours are")
        secret = Secret("api secret", password)
        return PresentedApiKey(key_id=name, secret=secret, token=Secret("api secret", token))
    if len(name) > _LONGEST_NAME or len(password) > _LONGEST_PASSWORD:
        return NothingPresented(why="a Basic token with a name or password that is too long")
    secret = Secret("password", password)
    return PresentedPassword(name=name, password=secret, token=Secret("password", token))


def _is_control(character: str) -> bool:
    # RFC 7617 forbids them; PostgreSQL cannot even look for U+0000.
    return character < " " or character == "\x7f"
