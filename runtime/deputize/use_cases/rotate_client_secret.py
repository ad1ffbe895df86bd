"""Gives a confidential client a new secret; the old one is no good at once."""

from dataclasses import replace

from deputize.credentials.keys import KeyHasher
from deputize.credentials.oauth_secrets import hash_of_client_secret, mint_client_secret
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.clients import ClientWithSecret, find_client, require_clients, seen_client
from deputize.use_cases.errors import Conflict


async def rotate_client_secret(
    database: Database, actor: Actor, *, hasher: KeyHasher, client_id: str
) -> ClientWithSecret:
    """Issue a new secret to the client of that id and return it."""
    secret = mint_client_secret()

    async def work(tx: Transaction) -> ClientWithSecret:
        require_clients(await actor.standing(tx), what="rotate the secrets of clients")
        client = await find_client(tx, client_id)
        if client.secret_hash is None:
            raise Conflict(
                f'The client "{client.name}" is public and has no secret. Register a confidential one.'
            )
        hashed = hash_of_client_secret(hasher, client_id=client.id, secret=secret)
        changed = replace(client, secret_hash=hashed)
        await tx.oauth.put_client(changed)
        await note(tx, actor, "client.rotated", f"client:{client.name}", client=client.id)
        return ClientWithSecret(seen=await seen_client(tx, changed), secret=secret)

    return await database.write(work)
