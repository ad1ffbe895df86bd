"""What callers prove their identity with, as it is kept: hashes, never what was presented."""

from dataclasses import dataclass, field
from datetime import datetime

from deputize.domain.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPassword:
    """A person's password."""

    person_id: str
    hash: str = field(repr=False)
    changed: datetime
    #: None: it does not expire.
    expires: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunToken:
    """The initiator's own credential for one run."""

    hash: str = field(repr=False)
    person_id: str
    run_id: str
    expires: datetime
    #: That of the run's initiator.
    scope: Scope | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """The public half of API keys: one for each person, the same at all integrations."""

    #: ``dpk_…``, presented as a user name.
    id: str
    subject: str
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSecret:
    """The secret half: one person's at one integration, and good for nothing else."""

    id: str
    integration_id: str
    subject: str
    hash: str = field(repr=False)
    created: datetime
    #: The subject of who issued it.
    issued_by: str
    #: From then on it opens nothing; None: it does not end.
    ends: datetime | None = None
    last_used: datetime | None = None

    def live(self, now: datetime) -> bool:
        """Whether it has not ended."""
        return self.ends is None or self.ends > now


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlKey:
    """A key that stands in the address: one person's at one integration."""

    id: str
    integration_id: str
    subject: str
    hash: str = field(repr=False)
    created: datetime
    #: The subject of who issued it.
    issued_by: str
    #: From then on it opens nothing; None: it does not end.
    ends: datetime | None = None
    last_used: datetime | None = None

    def live(self, now: datetime) -> bool:
        """Whether it has not ended."""
        return self.ends is None or self.ends > now


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningSecret:
    """What the requests to one integration are signed with, bound to the person as whom they act."""

    id: str
    integration_id: str
    subject: str
    #: Encrypted under a key that is not in the database: to verify a signature takes the secret itself.
    sealed: bytes = field(repr=False)
    created: datetime
    #: The subject of who issued it.
    issued_by: str
    #: From then on it opens nothing; None: it does not end.
    ends: datetime | None = None
    last_used: datetime | None = None

    def live(self, now: datetime) -> bool:
        """Whether it has not ended."""
        return self.ends is None or self.ends > now
