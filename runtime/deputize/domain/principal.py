"""A person whose identity has been established."""

from dataclasses import dataclass

from deputize.domain.legacy import LEGACY
from deputize.domain.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """A person on the platform, as the one for whom something is done."""

    #: The user's name on the platform, "rob".
    id: str
    #: As people call that person; the user's name where nothing else is known.
    name: str
    #: How the identity was established, "cli" or "library".
    via: str
    #: The platform's own id of the account, which a new account of the same name does not inherit.
    subject: str | None = None
    #: What was granted with the access token that it was established by; None: whatever the person may.
    scope: Scope | None = None

    @property
    def legacy(self) -> bool:
        """Whether it is the owner of a plan's endpoint, whoever called."""
        return self.via == LEGACY
