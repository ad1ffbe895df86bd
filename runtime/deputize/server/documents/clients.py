"""Clients of OAuth. A secret stands in one document: the answer to the request that made it."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from deputize.domain.oauth import GrantType
from deputize.domain.redirect_uri import LONGEST
from deputize.server.documents.document import Document, Sent, SentChange
from deputize.use_cases.change_client import ClientChange
from deputize.use_cases.clients import LONGEST_NAME, MOST_REDIRECT_URIS, ClientWithSecret, SeenClient
from deputize.use_cases.register_client import ClientKind, NewClient

_Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
_RedirectUris = Annotated[
    list[Annotated[str, Field(max_length=LONGEST)]], Field(max_length=MOST_REDIRECT_URIS)
]
_ScopeName = Literal["trigger", "read", "write"]
_Grants = Annotated[list[GrantType], Field(min_length=1, max_length=10)]
_Scope = Annotated[list[_ScopeName], Field(min_length=1, max_length=10)]


class ClientDocument(Document):
    """An application that acts for people who let it."""

    id: str
    """Its ``client_id``."""
    name: str
    """As people are asked about it."""
    kind: ClientKind
    """A public client has no secret."""
    redirect_uris: list[str]
    grants: list[str]
    scope: list[str]
    """The most that may be granted to it."""
    mobile: bool
    """Whether what is started with its tokens is started by mobile."""
    enabled: bool
    created: datetime
    created_by: str

    @classmethod
    def of(cls, seen: SeenClient) -> "ClientDocument":
        """Return the document of a client."""
        client = seen.client
        return cls(
            id=client.id,
            name=client.name,
            kind="public" if client.secret_hash is None else "confidential",
            redirect_uris=list(client.redirect_uris),
            grants=sorted(client.grants),
            scope=sorted(client.scope),
            mobile=client.mobile,
            enabled=client.enabled,
            created=client.created,
            created_by=seen.created_by,
        )


class Clients(Document):
    """Clients, by name."""

    data: list[ClientDocument]


class ClientWithSecretDocument(ClientDocument):
    """A client with a new secret, which is shown here and never again."""

    secret: str | None = Field(repr=False)
    """Null for a public client."""

    @classmethod
    def shown_once(cls, registered: ClientWithSecret) -> "ClientWithSecretDocument":
        """Return the document of a client and its new secret."""
        secret = None if registered.secret is None else registered.secret.reveal()
        return cls(**dict(ClientDocument.of(registered.seen)), secret=secret)


class SentClient(Sent):
    """A client that is to be registered."""

    name: _Name
    kind: ClientKind = "public"
    redirect_uris: _RedirectUris = Field(default_factory=list)
    grants: _Grants
    scope: _Scope
    mobile: bool = False

    def new(self) -> NewClient:
        """Return it as use cases take it."""
        return NewClient(
            name=self.name,
            kind=self.kind,
            redirect_uris=self.redirect_uris,
            grants=self.grants,
            scope=self.scope,
            mobile=self.mobile,
        )


class SentClientChange(SentChange):
    """What is to change of a client; what is left out stays."""

    name: _Name = "name"
    redirect_uris: _RedirectUris = Field(default_factory=list)
    grants: _Grants = Field(default_factory=list)
    scope: _Scope = Field(default_factory=list)
    mobile: bool = False
    enabled: bool = True

    def change(self) -> ClientChange:
        """Return it as use cases take it."""
        return ClientChange(**{name: getattr(self, name) for name in self.model_fields_set})


class SigningKeyDocument(Document):
    """The key that access tokens are signed with from now on."""

    id: str
    """Its ``kid``."""
