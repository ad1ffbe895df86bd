"""Constants, endpoints, secrets and shared libraries of a plan."""

from datetime import datetime

from pydantic import Field, JsonValue

from deputize.domain.endpoint import EVERY_PLAN, SealedSecret, StoredEndpoint
from deputize.server.documents.document import Document, Sent, SentChange
from deputize.use_cases.set_library import SeenLibrary
from deputize.use_cases.set_secret import SecretChange
from deputize_client import Secret


class ConstantDocument(Document):
    """A constant."""

    name: str
    value: str


class Constants(Document):
    """Constants, by name."""

    data: list[ConstantDocument]


class SentConstant(Sent):
    """The value of a constant."""

    value: str = Field(max_length=20_000)


class EndpointDocument(Document):
    """An endpoint, as ``deputize.toml`` would have it. Secrets are named in it; their values are nowhere."""

    name: str
    every_plan: bool
    """Whether it belongs to all plans; it is then changed in the project."""
    definition: dict[str, JsonValue]

    @classmethod
    def of(cls, endpoint: StoredEndpoint) -> "EndpointDocument":
        """Return the document of *endpoint*."""
        return cls(
            name=endpoint.name,
            every_plan=endpoint.scope == EVERY_PLAN,
            definition=dict(endpoint.definition),
        )


class Endpoints(Document):
    """Endpoints, by name."""

    data: list[EndpointDocument]


class SentEndpoint(Sent):
    """The definition of an endpoint."""

    definition: dict[str, JsonValue]
    """``base_url``, ``auth``, ``methods``, ``idempotency`` and the like, as in ``[endpoints.NAME]``."""


class SecretDocument(Document):
    """A secret without its value, which nobody can read."""

    name: str
    every_plan: bool
    endpoints: list[str]
    """The endpoints that it may be sent to."""
    is_set: bool
    """Whether a value is kept here; else it is in the settings of whoever operates the server."""
    changed: datetime

    @classmethod
    def of(cls, secret: SealedSecret) -> "SecretDocument":
        """Return the document of *secret*."""
        return cls(
            name=secret.name,
            every_plan=secret.scope == EVERY_PLAN,
            endpoints=sorted(secret.endpoints),
            is_set=bool(secret.sealed),
            changed=secret.changed,
        )


class Secrets(Document):
    """Secrets, by name."""

    data: list[SecretDocument]


class SentSecret(SentChange):
    """A secret's value, the endpoints that it may be sent to, or both; a new secret needs both."""

    value: str = Field(default="", min_length=1, max_length=20_000, repr=False)
    endpoints: list[str] = Field(default_factory=list, max_length=1000)

    def change(self, name: str) -> SecretChange:
        """Return it as use cases take it."""
        given = self.model_fields_set
        return SecretChange(
            value=Secret(name, self.value) if "value" in given else None,
            endpoints=self.endpoints if "endpoints" in given else None,
        )


class LibraryDocument(Document):
    """A shared library."""

    name: str
    version: int
    sha256: str
    author: str
    created: datetime
    source: str

    @classmethod
    def of(cls, seen: SeenLibrary) -> "LibraryDocument":
        """Return the document of a library."""
        version = seen.version
        return cls(
            name=seen.library.name,
            version=version.number,
            sha256=version.sha256,
            author=version.author,
            created=version.created,
            source=version.source,
        )


class Libraries(Document):
    """Shared libraries, by name."""

    data: list[LibraryDocument]


class SentLibrary(Sent):
    """The text of a shared library."""

    source: str = Field(repr=False)
