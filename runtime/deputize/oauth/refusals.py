"""Why a client is refused, in the words that OAuth has for it (RFC 6749 §4.1.2.1 and §5.2)."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from authlib.oauth2 import OAuth2Error

#: Which of them a client sees where is the RFC's; ``temporarily_unavailable`` stands for all that passes.
ErrorCode: TypeAlias = Literal[
    "access_denied",
    "invalid_client",
    "invalid_grant",
    "invalid_request",
    "invalid_scope",
    "temporarily_unavailable",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """Something that passes by itself: the client has asked too often, or the server has too much to do."""

    whose: Literal["client", "server"]
    #: Seconds after which to try again.
    retry_after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A client is told this and nothing else: no value that was sent, and nothing about people."""

    error: ErrorCode
    #: For whoever writes the client; in the characters that RFC 6749 has for it, without quotes.
    description: str
    #: Why and for how many seconds, of what passes by itself.
    passing: Passing | None = None

    def members(self) -> dict[str, str]:
        """Return the members of the answer. Raises ``ValueError`` for a character that it cannot have."""
        return dict(OAuth2Error(self.description, error=self.error).get_body())


def invalid_request(description: str) -> Refusal:
    """Return the refusal of a request that is not what it should be."""
    return Refusal(error="invalid_request", description=description)


def invalid_client() -> Refusal:
    """Return the one refusal of a client that is not known, not enabled, or not proved."""
    return Refusal(
        error="invalid_client",
        description="The client is not known, is disabled, or has not proved that it is itself.",
    )


def invalid_grant(description: str) -> Refusal:
    """Return the refusal of a code, a refresh token, or a password."""
    return Refusal(error="invalid_grant", description=description)


def later(description: str, passing: Passing) -> Refusal:
    """Return the refusal of what may be tried again."""
    return Refusal(error="temporarily_unavailable", description=description, passing=passing)
