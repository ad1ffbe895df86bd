"""Which client makes a request: by its id, and a confidential one by its secret as well (RFC 6749 §2.3)."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_plus

from deputize.credentials.keys import KeyHasher, same
from deputize.credentials.oauth_secrets import hash_of_client_secret
from deputize.domain.oauth import OAuthClient
from deputize.oauth.parameters import Parameters
from deputize.oauth.refusals import Refusal, invalid_client, invalid_request
from deputize.store import Transaction
from deputize_client import Secret

_LONGEST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedClient:
    """What a request says about its client; nothing has been looked up."""

    id: str
    #: None: it says that it has none.
    secret: Secret | None


def presented_client(authorization: Sequence[str], form: Parameters) -> PresentedClient | Refusal:
    """Return the one client that the headers *authorization* and the *form* present."""
    named, in_form = form.get("client_id"), form.get("client_secret")
    if len(authorization) > 1 or (authorization and in_form is not None):
        return invalid_request("The request has more than one credential. Send one.")
    if not authorization:
        if not named or len(named) > _LONGEST or "\0" in named:
            return invalid_client()
        secret = None if in_form is None else Secret("client secret", in_form)
        return PresentedClient(id=named, secret=secret)
    presented = _basic(authorization[0])
    if presented is None:
        return invalid_client()
    if named is not None and named != presented.id:
        return invalid_request("The header Authorization and client_id name different clients.")
    return presented


async def authenticate(
    tx: Transaction, hasher: KeyHasher, presented: PresentedClient
) -> OAuthClient | Refusal:
    """Return the client that *presented* is, by the state of this moment."""
    client = await tx.oauth.client(presented.id)
    if client is None or not client.enabled or not _proved(client, hasher, presented.secret):
        return invalid_client()
    return client


def _proved(client: OAuthClient, hasher: KeyHasher, secret: Secret | None) -> bool:
    if client.secret_hash is None or secret is None:
        # A public client has no secret: one that is presented is of another client, or made up.
        return client.secret_hash is None and secret is None
    return same(hash_of_client_secret(hasher, client_id=client.id, secret=secret), client.secret_hash)


def _basic(header: str) -> PresentedClient | None:
    scheme, _, token = header.strip(" \t").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        pair = base64.b64decode(token.strip(" ").encode("ascii"), validate=True).decode()
    except (UnicodeError, binascii.Error):
        return None
    # Both are form-encoded before they are joined (RFC 6749 §2.3.1).
    name, _, secret = (unquote_plus(each, errors="replace") for each in pair.partition(":"))
    if not (name and secret) or len(name) > _LONGEST or "\0" in name:
        return None
    return PresentedClient(id=name, secret=Secret("client secret", secret))
