"""What a request says of its own signature, read by the scheme of its integration; nothing is verified here.

Every scheme names its headers, and each is there once or the request is not signed. What is signed is the
body as it came and, in front of it, what the scheme puts there. An id with a full stop is refused, because
Standard Webhooks puts one between the parts: two readings of one signed text would be two messages.
"""

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, TypeAlias

from deputize.credentials.signing_secrets import SignedContent
from deputize.domain.signature import Algorithm, Encoding, Preset, SignatureScheme
from deputize.inbound.received import ReceivedRequest
from deputize_client import Secret

#: Signatures that one request may present: a sender that changes its secret signs with both.
MOST_SIGNATURES: Final = 8
#: Characters of a header about a signature.
_LONGEST: Final = 2000
_TIME: Final = re.compile(r"[0-9]{1,11}")
_MESSAGE_ID: Final = re.compile(r"[!-\-/-~]{1,255}")
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_DIGEST_BYTES: Final[Mapping[Algorithm, int]] = {"sha256": 32, "sha512": 64}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedMessage:
    """A request that presents a signature."""

    content: SignedContent
    #: When it was signed; None where that is not part of what is signed.
    at: datetime | None = None
    #: The sender's own id of the message, the same when it is sent again.
    message_id: str | None = None
    #: What must not be seen again.
    values: tuple[Secret, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsigned:
    """The request presents no signature of the scheme; *why* is for the operator."""

    why: str


Read: TypeAlias = SignedMessage | Unsigned


def read_signed(request: ReceivedRequest, scheme: SignatureScheme) -> Read:
    """Return what *request* presents by *scheme*."""
    try:
        return _READERS[scheme.preset](_Headers(request), scheme)
    except _Malformed as error:
        return Unsigned(why=str(error))


class _Malformed(Exception):
    """A header is missing, repeated, or not written as the scheme has it."""


@dataclass(frozen=True, slots=True)
class _Headers:
    request: ReceivedRequest = field(repr=False)

    def one(self, name: str) -> str:
        """Return the value of the one header *name*."""
        values = self.request.header_values(name.lower())
        if not values:
            raise _Malformed(f"no header {name}")
        if len(values) > 1:
            raise _Malformed(f"more than one header {name}")
        value = values[0].strip(" \t")
        if len(value) > _LONGEST or not value.isascii():
            raise _Malformed(f"a header {name} that is too long, or not ASCII")
        return value

    def time(self, name: str) -> tuple[str, datetime]:
        """Return the seconds since 1970 that header *name* holds, as they are written, and as a time."""
        return _time(self.one(name))


def _standard_webhooks(headers: _Headers, scheme: SignatureScheme) -> SignedMessage:
    message_id = headers.one("webhook-id")
    if _MESSAGE_ID.fullmatch(message_id) is None:
        raise _Malformed("a webhook-id that is too long, or has a full stop or a space")
    text, at = headers.time("webhook-timestamp")
    header = headers.one("webhook-signature")
    versions = [each.partition(",") for each in header.split(" ") if each]
    return _message(
        scheme,
        header,
        [signature for version, _, signature in versions if version == "v1"],
        head=f"{message_id}.{text}.",
        encoding="base64",
        at=at,
        message_id=message_id,
    )


def _github(headers: _Headers, scheme: SignatureScheme) -> SignedMessage:
    header = headers.one("x-hub-signature-256")
    return _message(scheme, header, [_after("sha256=", header)])


def _slack(headers: _Headers, scheme: SignatureScheme) -> SignedMessage:
    text, at = headers.time("x-slack-request-timestamp")
    header = headers.one("x-slack-signature")
    return _message(scheme, header, [_after("v0=", header)], head=f"v0:{text}:", at=at)


def _stripe(headers: _Headers, scheme: SignatureScheme) -> SignedMessage:
    header = headers.one("stripe-signature")
    parts = [each.strip(" ").partition("=") for each in header.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    if len(times) != 1:
        raise _Malformed("a stripe-signature without exactly one t")
    text, at = _time(times[0])
    signatures = [value for name, _, value in parts if name == "v1"]
    return _message(scheme, header, signatures, head=f"{text}.", at=at)


def _hmac(headers: _Headers, scheme: SignatureScheme) -> SignedMessage:
    header = headers.one(scheme.header or "")
    head, at = "", None
    if scheme.timestamp_header is not None:
        text, at = headers.time(scheme.timestamp_header)
        content = scheme.content or "{timestamp}.{body}"
        head = content.removesuffix("{body}").replace("{timestamp}", text)
    return _message(
        scheme,
        header,
        [_after(scheme.prefix or "", each.strip(" ")) for each in header.split(",")],
        head=head,
        encoding=scheme.encoding or "hex",
        at=at,
    )


_READERS: Final[Mapping[Preset, Callable[[_Headers, SignatureScheme], SignedMessage]]] = {
    "standard-webhooks": _standard_webhooks,
    "github": _github,
    "slack": _slack,
    "stripe": _stripe,
    "hmac": _hmac,
}


def _message(
    scheme: SignatureScheme,
    header: str,
    signatures: Sequence[str],
    *,
    head: str = "",
    encoding: Encoding = "hex",
    at: datetime | None = None,
    message_id: str | None = None,
) -> SignedMessage:
    algorithm = scheme.algorithm or "sha256"
    if not 1 <= len(signatures) <= MOST_SIGNATURES:
        raise _Malformed(f"no signature of the scheme's version, or more than {MOST_SIGNATURES}")
    content = SignedContent(
        preset=scheme.preset,
        algorithm=algorithm,
        head=head.encode(),
        candidates=tuple(_digest(each, encoding, _DIGEST_BYTES[algorithm]) for each in signatures),
    )
    values = tuple(Secret("signature", each) for each in dict.fromkeys((header, *signatures)))
    return SignedMessage(content=content, at=at, message_id=message_id, values=values)


def _after(prefix: str, value: str) -> str:
    if not value.startswith(prefix):
        raise _Malformed("a signature that does not begin as the scheme has it")
    return value.removeprefix(prefix)


def _time(text: str) -> tuple[str, datetime]:
    if _TIME.fullmatch(text) is None:
        raise _Malformed("a time that is not written in seconds")
    return text, datetime.fromtimestamp(int(text), UTC)


def _digest(text: str, encoding: Encoding, size: int) -> bytes:
    """Return the *size* bytes that a signature is written of."""
    try:
        if encoding == "hex":
            digest = bytes.fromhex(text) if _HEX.fullmatch(text) else b""
        else:
            digest = base64.b64decode(text, validate=True)
    except ValueError:
        digest = b""
    if len(digest) != size:
        raise _Malformed("a signature that is not written as the scheme has it")
    return digest
