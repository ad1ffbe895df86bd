"""Keys to integrations. A secret stands in one document: the answer to the request that made it."""

from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from pydantic import Field

from deputize.credentials.signing_secrets import signing_secret
from deputize.server.documents.document import Document, SentChange
from deputize.server.documents.integrations import trigger_path
from deputize.use_cases.keys import IssuedKey, KeyKind, SeenKey
from deputize_client import Secret


class KeyDocument(Document):
    """One person's key to one integration."""

    id: str
    kind: KeyKind
    integration_id: str
    integration: str
    """The name of the integration."""
    holder: str
    """The name of the user for whom it stands."""
    issued_by: str
    issued_by_other: bool
    """Whether it was issued by somebody other than its holder, who has seen its secret then."""
    key: str | None
    """The public half of an API key, the same at every integration; null for keys of other kinds."""
    created: datetime
    ends: datetime | None
    """From then on it opens nothing; null: it does not end."""
    last_used: datetime | None

    @classmethod
    def of(cls, seen: SeenKey) -> "KeyDocument":
        """Return the document of a key."""
        return cls(
            id=seen.id,
            kind=seen.kind,
            integration_id=seen.integration_id,
            integration=seen.integration,
            holder=seen.holder,
            issued_by=seen.issued_by,
            issued_by_other=seen.issued_by_other,
            key=seen.key_id,
            created=seen.created,
            ends=seen.ends,
            last_used=seen.last_used,
        )


class Keys(Document):
    """Keys, the newest first."""

    data: list[KeyDocument]


class IssuedKeyDocument(KeyDocument):
    """A new key. Its secret is shown here and never again."""

    secret: str | None = Field(repr=False)
    """The secret of an API key, or a signing secret that was made here; null for a URL key."""
    url: str | None = Field(repr=False)
    """The address with a URL key; null for keys of other kinds."""

    @classmethod
    def issued(cls, issued: IssuedKey, *, public_url: str) -> "IssuedKeyDocument":
        """Return the document of a new key; addresses begin with *public_url*."""
        secret = None if issued.secret is None else issued.secret.reveal()
        by_url = issued.key.kind == "url"
        url = f"{public_url}{trigger_path(issued.key.integration_id)}?{urlencode({'apiKey': secret})}"
        return cls(
            **dict(KeyDocument.of(issued.key)),
            secret=None if by_url else secret,
            url=url if by_url else None,
        )


class SentKey(SentChange):
    """For whom a key is to be issued, and what it is made of."""

    holder: str = Field(default="", alias="for", min_length=1)
    """The name of a user; oneself when left out."""
    secret: str = Field(default="", min_length=1, repr=False)
    """The signing secret, where the sender's provider has made it; one is made when left out."""

    @property
    def for_other(self) -> str | None:
        """The name that was given."""
        return self.holder if "holder" in self.model_fields_set else None

    @property
    def given(self) -> Secret | None:
        """The signing secret that was given."""
        return signing_secret(self.secret) if self.secret else None


class SentRotation(SentChange):
    """How a key is to be rotated."""

    overlap_seconds: Annotated[int, Field(ge=0, le=7 * 24 * 3600)] = 0
    """For so long the old secret works beside the new one."""
    secret: str = Field(default="", min_length=1, repr=False)
    """The new signing secret, where the sender's provider has made it; one is made when left out."""

    @property
    def given(self) -> Secret | None:
        """The signing secret that was given."""
        return signing_secret(self.secret) if self.secret else None
