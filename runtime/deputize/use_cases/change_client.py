"""Changes a client of OAuth: what it may, where people are sent back to, whether it is enabled."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from deputize.domain.oauth import OAuthClient
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.clients import (
    GRANT_TYPES,
    NamedClient,
    SeenClient,
    find_client,
    refuse_unfit,
    require_clients,
    seen_client,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientChange:
    """What is to change; what is None stays."""

    name: str | None = None
    redirect_uris: Sequence[str] | None = None
    grants: Sequence[str] | None = None
    scope: Sequence[str] | None = None
    mobile: bool | None = None
    enabled: bool | None = None


async def change_client(
    database: Database, actor: Actor, *, client_id: str, change: ClientChange
) -> SeenClient:
    """Change the client of that id and return it.

    It counts from the next request on: a client that is disabled gets no tokens, and those that it has are
    refused. What people have granted is kept, and good again when the client is enabled.
    """

    async def work(tx: Transaction) -> SeenClient:
        require_clients(await actor.standing(tx), what="change clients of OAuth")
        client = await find_client(tx, client_id)
        changed = _changed(client, change)
        if changed != client:
            await tx.oauth.put_client(changed)
            await note(
                tx,
                actor,
                "client.changed",
                f"client:{changed.name}",
                client=client.id,
                **_detail(client, changed),
            )
        return await seen_client(tx, changed)

    return await database.write(work)


def _changed(client: OAuthClient, change: ClientChange) -> OAuthClient:
    given = {each.name: getattr(change, each.name) for each in fields(change)}
    given = {name: value for name, value in given.items() if value is not None}
    refuse_unfit(
        NamedClient(
            name=given.get("name", client.name),
            redirect_uris=given.get("redirect_uris", client.redirect_uris),
            grants=given.get("grants", sorted(client.grants)),
            scope=given.get("scope", sorted(client.scope)),
        )
    )
    if "redirect_uris" in given:
        given["redirect_uris"] = tuple(dict.fromkeys(given["redirect_uris"]))
    if "grants" in given:
        given["grants"] = frozenset(each for each in GRANT_TYPES if each in given["grants"])
    if "scope" in given:
        given["scope"] = frozenset(given["scope"])
    return replace(client, **given)


def _detail(before: OAuthClient, after: OAuthClient) -> dict[str, Any]:
    """Return what has changed, for the audit stream."""
    changed = [each.name for each in fields(ClientChange) if _differ(before, after, each.name)]
    return {name: _plain(getattr(after, name)) for name in changed}


def _differ(before: OAuthClient, after: OAuthClient, name: str) -> bool:
    return bool(getattr(before, name) != getattr(after, name))


def _plain(value: Any) -> Any:
    return (
        sorted(value) if isinstance(value, frozenset) else list(value) if isinstance(value, tuple) else value
    )
