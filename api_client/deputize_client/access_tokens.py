"""Where the tokens of endpoints with OAuth 2 client credentials come from."""

from dataclasses import dataclass
from typing import Protocol

from deputize_client.credential_source import CredentialUnavailable
from deputize_client.credentials import Secret
from deputize_client.endpoint import Endpoint


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token of a service account."""

    secret: Secret
    #: Whether it was fetched for this question; one from earlier may have gone stale.
    fresh: bool


class AccessTokens(Protocol):
    """Supplies the tokens of endpoints whose authentication is client credentials."""

    async def token(self, endpoint: Endpoint) -> AccessToken | CredentialUnavailable:
        """Return a token for *endpoint*, or why there is none. Never raises for a fault of the service."""
        ...

    def discard(self, endpoint: Endpoint, token: Secret) -> None:
        """Forget *token*, which *endpoint* did not accept; one that has replaced it stays."""
        ...
