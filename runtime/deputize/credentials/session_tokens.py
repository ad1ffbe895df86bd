"""The tokens of sessions, which browsers have, and what their forms carry to show that they are ours."""

import re
import secrets
from typing import Final

from deputize.credentials.keys import KeyHasher
from deputize_client import Secret

SESSION_TOKEN: Final = "dpw_"  # noqa: S105 - what tokens begin with

_BYTES: Final = 32
_SESSION_TOKEN: Final = re.compile(SESSION_TOKEN + r"[A-Za-z0-9_-]{43}")


def mint_session_token() -> Secret:
    """Return a new token of a session, 256 random bits."""
    return Secret("session token", SESSION_TOKEN + secrets.token_urlsafe(_BYTES))


def session_token(text: str) -> Secret | None:
    """Return *text*, a cookie, as a token; None for what is not written as tokens are."""
    return Secret("session token", text) if _SESSION_TOKEN.fullmatch(text) else None


def hash_of_session_token(hasher: KeyHasher, token: Secret) -> str:
    """Return what stands for *token* in the database."""
    return hasher.digest("session token", token.reveal())


def form_token_of(hasher: KeyHasher, token: Secret) -> str:
    """Return what every form of the session carries. It opens nothing without the session's *token*."""
    return hasher.digest("form of a session", token.reveal())
