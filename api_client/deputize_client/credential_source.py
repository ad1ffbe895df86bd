"""Where the credential of the one principal that a client is bound to comes from."""

from dataclasses import dataclass
from typing import Protocol

from deputize_client.credentials import Credential
from deputize_client.endpoint import Endpoint


@dataclass(frozen=True, slots=True)
class CredentialUnavailable:
    """Why the initiator's credential cannot be had: a sentence without a secret."""

    reason: str


class CredentialSource(Protocol):
    """Supplies the credential of one principal, and of nobody else."""

    async def credential(self, endpoint: Endpoint) -> Credential | CredentialUnavailable:
        """Return the principal's credential for *endpoint*; asked anew for every call."""
        ...
