"""A key to an integration as people see it: whose it is and what became of it, never what opens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from deputize.domain.integration import Integration
from deputize.domain.keys import ApiSecret, SigningSecret, UrlKey
from deputize.store import Transaction
from deputize.use_cases.errors import NotFound
from deputize_client import Secret

#: As the method of the integrations that take it.
KeyKind: TypeAlias = Literal["api-key", "signature", "url"]
Key: TypeAlias = ApiSecret | SigningSecret | UrlKey

_KINDS: Final[Mapping[type[Key], KeyKind]] = {
    ApiSecret: "api-key",
    SigningSecret: "signature",
    UrlKey: "url",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenKey:
    """One person's key to one integration."""

    id: str
    kind: KeyKind
    integration_id: str
    integration: str
    #: The names of its holder and of who issued it.
    holder: str
    issued_by: str
    #: Whether it was somebody else who issued it, and so has seen its secret.
    issued_by_other: bool
    #: ``dpk_…``, the public half of an API key.
    key_id: str | None
    created: datetime
    ends: datetime | None
    last_used: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedKey:
    """A new key, the only time that its secret is there."""

    key: SeenKey
    #: The secret of an API key, the URL key, or the signing secret; None for one that its holder gave.
    secret: Secret | None


def kind_of(key: Key) -> KeyKind:
    """Return what kind of key it is."""
    return _KINDS[type(key)]


async def find_key(tx: Transaction, key_id: str) -> Key:
    """Return the key of that id, of whatever kind."""
    found = (
        await tx.keys.secret(key_id) or await tx.keys.url_key(key_id) or await tx.signatures.secret(key_id)
    )
    if found is None:
        raise NotFound("key", key_id)
    return found


async def seen(tx: Transaction, key: Key, *, integration: Integration, names: dict[str, str]) -> SeenKey:
    """Return *key* as people see it; *names* are everybody's, by subject."""
    api_key = await tx.keys.api_key_of(key.subject) if isinstance(key, ApiSecret) else None
    return SeenKey(
        id=key.id,
        kind=kind_of(key),
        integration_id=integration.id,
        integration=integration.name,
        holder=names.get(key.subject, key.subject),
        issued_by=names.get(key.issued_by, key.issued_by),
        issued_by_other=key.issued_by != key.subject,
        key_id=None if api_key is None else api_key.id,
        created=key.created,
        ends=key.ends,
        last_used=key.last_used,
    )
