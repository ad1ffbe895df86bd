"""What is presented to prove who calls, and how it goes on a request."""

import base64
import hashlib
import hmac
from dataclasses import dataclass


@dataclass(frozen=True)
class Basic:
    """``Authorization: Basic``: a user's name and password, or a key id and a secret."""

    name: str
    password: str


@dataclass(frozen=True)
class UrlKey:
    """``?apiKey=…``."""

    key: str


@dataclass(frozen=True)
class Bearer:
    """``Authorization: Bearer``."""

    token: str


@dataclass(frozen=True)
class Signed:
    """A body that never came before, signed with a secret as GitHub does it."""

    secret: str


def headers_of(credential, body=b""):
    """Return the header that carries a credential, on a request with *body*."""
    match credential:
        case Signed(secret):
            digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
            return {"X-Hub-Signature-256": f"sha256={digest}"}
        case Bearer(token):
            return {"Authorization": f"Bearer {token}"}
        case Basic(name, password):
            pair = f"{name}:{password}".encode()
            return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def looked_at(credentials):
    """Return those that count: a signature is none beside another credential, and two of them are none."""
    others = [each for each in credentials if not isinstance(each, Signed)]
    return others or (credentials if len(credentials) == 1 else [])
