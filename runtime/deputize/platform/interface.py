"""What a platform must supply so that scripts can be run as its people."""

from typing import Protocol

from deputize.domain.decision import Explanation
from deputize.domain.principal import Principal
from deputize_client import CredentialSource, Exchange


class Platform(Protocol):
    """People, and how a call is made as one of them. The application starts and stops it."""

    @property
    def base_url(self) -> str:
        """The address that the endpoint ``platform`` stands for, without a slash at the end."""
        ...

    @property
    def admitted(self) -> frozenset[tuple[str, int]]:
        """Exact (address, port) that may be dialled although they are not public; often empty."""
        ...

    async def principal(self, name: str, *, via: str) -> Principal | None:
        """Return the person *name*, or None when there is nobody of that name.

        *via* says how the identity was established, and is kept in the principal.
        """
        ...

    def credentials_for(self, principal: Principal, *, run_id: str) -> CredentialSource:
        """Return the source of *principal*'s credential for one run; it is asked before every call."""
        ...

    async def end_run(self, run_id: str) -> None:
        """Revoke what was issued for the run; nothing is issued for it from now on."""
        ...

    async def explain(self, exchange: Exchange) -> Explanation | None:
        """Return why the platform answered *exchange* with 403; None when it does not know. Never a guess."""
        ...

    async def people_names(self) -> list[str]:
        """Return the names that ``principal`` knows, for messages."""
        ...
