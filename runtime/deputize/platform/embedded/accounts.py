"""The people of the embedded platform, as those who judge requests ask for them."""

from deputize.credentials.authenticators import Account, RunCaller
from deputize.domain.person import Person
from deputize.domain.standing import Standing
from deputize.platform.embedded.tokens import hashed
from deputize.store import Database, Transaction


def account_of(person: Person) -> Account:
    """Return *person* as the owner of a credential."""
    return Account(subject=person.id, name=person.target_name, display_name=person.display_name)


class EmbeddedAccounts:
    """Implements ``Accounts`` and ``RunTokens``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def account(self, store: Transaction, subject: str) -> Account | None:
        """Return the account of that id while it is active."""
        person = await store.people.get(subject)
        return None if person is None or not person.active else account_of(person)

    async def named(self, store: Transaction, name: str) -> Account | None:
        """Return the account of the user *name* while it is active, and the name is vouched for."""
        person = await store.people.by_name(name)
        return account_of(person) if person is not None and person.active and person.vouched else None

    async def with_email(self, store: Transaction, address: str) -> Account | None:
        """Return the one active account with the e-mail *address*; None where several have it.

        What is not vouched for does not count.
        """
        active = [person for person in await store.people.with_email(address) if person.active]
        return account_of(active[0]) if len(active) == 1 else None

    async def standing(self, store: Transaction, subject: str) -> Standing | None:
        """Return what the person of that id is allowed in general, now."""
        return await store.people.standing(subject)

    async def run_caller(self, token: str) -> RunCaller | None:
        """Return for whose run *token* was issued, while it holds and the person is active."""
        return await self._database.read(lambda store: self._run_caller(store, hashed(token)))

    async def _run_caller(self, store: Transaction, token_hash: str) -> RunCaller | None:
        token = await store.tokens.live(token_hash, now=store.now)
        account = None if token is None else await self.account(store, token.person_id)
        run = None if token is None else await store.runs.get(token.run_id)
        if token is None or account is None or run is None:
            return None
        return RunCaller(
            account=account, run_id=token.run_id, chain=run.chain, scope=token.scope, legacy=run.legacy
        )
