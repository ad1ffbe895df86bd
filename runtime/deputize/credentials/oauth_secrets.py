"""The secrets of OAuth: of clients, authorization codes and refresh tokens, known by their hash alone."""

import re
import secrets
from typing import Final

from deputize.credentials.keys import KeyHasher
from deputize_client import Secret

CLIENT_ID: Final = "dpc_"
CLIENT_SECRET: Final = "dpcs_"  # noqa: S105 - what secrets begin with
CODE: Final = "dpa_"
REFRESH_TOKEN: Final = "dpr_"  # noqa: S105 - what tokens begin with

_BYTES: Final = 32
_ID_BYTES: Final = 16
_CLIENT_ID: Final = re.compile(rf"{CLIENT_ID}[0-9a-f]{{{2 * _ID_BYTES}}}")
_RANDOM: Final = r"[A-Za-z0-9_-]{43}"
_CLIENT_SECRET: Final = re.compile(CLIENT_SECRET + _RANDOM)
_CODE: Final = re.compile(CODE + _RANDOM)
_REFRESH_TOKEN: Final = re.compile(REFRESH_TOKEN + _RANDOM)


def mint_client_id() -> str:
    """Return a new client id, which proves nothing."""
    return CLIENT_ID + secrets.token_hex(_ID_BYTES)


def mint_client_secret() -> Secret:
    """Return a new secret of a client, 256 random bits."""
    return Secret("client secret", CLIENT_SECRET + secrets.token_urlsafe(_BYTES))


def mint_code() -> Secret:
    """Return a new authorization code, 256 random bits."""
    return Secret("authorization code", CODE + secrets.token_urlsafe(_BYTES))


def mint_refresh_token() -> Secret:
    """Return a new refresh token, 256 random bits."""
    return Secret("refresh token", REFRESH_TOKEN + secrets.token_urlsafe(_BYTES))


def is_client_id(text: str) -> bool:
    """Whether *text* is written as client ids are."""
    return _CLIENT_ID.fullmatch(text) is not None


def is_client_secret(text: str) -> bool:
    """Whether *text* is written as secrets of clients are."""
    return _CLIENT_SECRET.fullmatch(text) is not None


def is_code(text: str) -> bool:
    """Whether *text* is written as authorization codes are."""
    return _CODE.fullmatch(text) is not None


def is_refresh_token(text: str) -> bool:
    """Whether *text* is written as refresh tokens are."""
    return _REFRESH_TOKEN.fullmatch(text) is not None


def hash_of_client_secret(hasher: KeyHasher, *, client_id: str, secret: Secret) -> str:
    """Return what stands for a client's *secret* in the database; of another client it is another hash."""
    return hasher.digest("client secret", client_id, secret.reveal())


def hash_of_code(hasher: KeyHasher, code: Secret) -> str:
    """Return what stands for an authorization *code* in the database."""
    return hasher.digest("authorization code", code.reveal())


def hash_of_refresh_token(hasher: KeyHasher, token: Secret) -> str:
    """Return what stands for a refresh *token* in the database."""
    return hasher.digest("refresh token", token.reveal())
