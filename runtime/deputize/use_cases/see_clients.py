"""Shows the clients of OAuth to who administers them."""

from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.clients import SeenClient, find_client, require_clients, seen_client


async def see_clients(database: Database, actor: Actor) -> list[SeenClient]:
    """Return every client, by name."""

    async def work(tx: Transaction) -> list[SeenClient]:
        require_clients(await actor.standing(tx), what="see clients of OAuth")
        return [await seen_client(tx, each) for each in await tx.oauth.clients()]

    return await database.read(work)


async def see_client(database: Database, actor: Actor, *, client_id: str) -> SeenClient:
    """Return the client of that id."""

    async def work(tx: Transaction) -> SeenClient:
        # Before any is looked for: who may not see them is not told which there are.
        require_clients(await actor.standing(tx), what="see clients of OAuth")
        return await seen_client(tx, await find_client(tx, client_id))

    return await database.read(work)
