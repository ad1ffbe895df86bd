"""Finds the credential of a call: the initiator's, a stored one, or a token of OAuth 2."""

import asyncio
import time
from dataclasses import dataclass

from deputize_client.access_tokens import AccessTokens
from deputize_client.authentication import AsInitiator, ClientCredentialsAuthentication
from deputize_client.credential_source import CredentialSource, CredentialUnavailable
from deputize_client.credentials import BearerCredential, Credential, MissingSecret, Secret
from deputize_client.endpoint import Endpoint


@dataclass(frozen=True, slots=True)
class Found:
    """A credential; None where the endpoint takes none."""

    credential: Credential | None
    #: The token, where it was kept from an earlier call and may have gone stale.
    kept: Secret | None = None

    def secrets(self) -> tuple[Secret, ...]:
        """Return every value that must not be seen again."""
        return () if self.credential is None else self.credential.secrets()


class CredentialFinder:
    """Asks whoever has the credential of an endpoint, anew for every call."""

    def __init__(self, *, credentials: CredentialSource, tokens: AccessTokens | None) -> None:
        self._credentials = credentials
        self._tokens = tokens

    async def find(self, endpoint: Endpoint, *, until: float) -> Found | CredentialUnavailable:
        """Return the credential for *endpoint*, or why there is none.

        A token is waited for *until* that moment of the monotonic clock.
        """
        match endpoint.authentication:
            case AsInitiator():
                fetched = await self._credentials.credential(endpoint)
                return fetched if isinstance(fetched, CredentialUnavailable) else Found(fetched)
            case ClientCredentialsAuthentication() if self._tokens is not None:
                return await self._token(endpoint, self._tokens, until)
        stored = endpoint.stored_credential()
        if isinstance(stored, MissingSecret):
            return CredentialUnavailable(endpoint.lacking(stored))
        return Found(stored)

    def discard(self, endpoint: Endpoint, token: Secret) -> None:
        """Have *token*, which *endpoint* did not accept, forgotten."""
        if self._tokens is not None:
            self._tokens.discard(endpoint, token)

    async def _token(
        self, endpoint: Endpoint, tokens: AccessTokens, until: float
    ) -> Found | CredentialUnavailable:
        try:
            async with asyncio.timeout(until - time.monotonic()):
                token = await tokens.token(endpoint)
        except TimeoutError:
            return CredentialUnavailable(
                f"Endpoint {endpoint.name!r} has no token: none came within the time of the call."
                " Try again later."
            )
        if isinstance(token, CredentialUnavailable):
            return token
        return Found(BearerCredential(token.secret), kept=None if token.fresh else token.secret)
