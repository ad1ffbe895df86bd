"""Registers a client of OAuth; the secret of a confidential one is shown once."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from deputize.credentials.keys import KeyHasher
from deputize.credentials.oauth_secrets import hash_of_client_secret, mint_client_id, mint_client_secret
from deputize.domain.oauth import OAuthClient
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.clients import (
    GRANT_TYPES,
    ClientWithSecret,
    NamedClient,
    refuse_unfit,
    require_clients,
    seen_client,
)

#: Whether a client can keep a secret: a server can, an app on somebody's machine cannot.
ClientKind: TypeAlias = Literal["public", "confidential"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClient(NamedClient):
    """What is to be registered."""

    kind: ClientKind = "public"
    #: Whether it is the mobile app.
    mobile: bool = False


async def register_client(
    database: Database, actor: Actor, *, hasher: KeyHasher, new: NewClient
) -> ClientWithSecret:
    """Register a client and return it, a confidential one with its secret."""
    client_id = mint_client_id()
    secret = mint_client_secret() if new.kind == "confidential" else None

    async def work(tx: Transaction) -> ClientWithSecret:
        require_clients(await actor.standing(tx), what="register clients of OAuth")
        refuse_unfit(new)
        client = OAuthClient(
            id=client_id,
            name=new.name,
            redirect_uris=tuple(dict.fromkeys(new.redirect_uris)),
            grants=frozenset(each for each in GRANT_TYPES if each in new.grants),
            scope=frozenset(new.scope),
            secret_hash=None
            if secret is None
            else hash_of_client_secret(hasher, client_id=client_id, secret=secret),
            mobile=new.mobile,
            created=tx.now,
            created_by=actor.subject,
        )
        await tx.oauth.put_client(client)
        await note(
            tx,
            actor,
            "client.registered",
            f"client:{client.name}",
            client=client.id,
            kind=new.kind,
            redirect_uris=list(client.redirect_uris),
            grants=sorted(client.grants),
            scope=sorted(client.scope),
            mobile=client.mobile,
        )
        return ClientWithSecret(seen=await seen_client(tx, client), secret=secret)

    return await database.write(work)
