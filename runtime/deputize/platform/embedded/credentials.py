"""One person's credential for one run: issued when a call is about to be made, and not before."""

import asyncio
import shlex
from datetime import datetime, timedelta

import httpx

from deputize.domain.keys import RunToken
from deputize.domain.legacy import NO_OWNER
from deputize.domain.person import Person
from deputize.domain.principal import Principal
from deputize.errors import StoreUnavailable
from deputize.platform.embedded.tokens import hashed, mint
from deputize.store import Database, Transaction
from deputize_client import BearerCredential, Credential, CredentialUnavailable, Endpoint

#: A token is replaced when this part of its life is left.
_LAST_PART = 10


class RunCredentials:
    """Issues tokens to one person within one run, until the run has ended.

    Every question looks at the person anew: whoever has been disabled or deleted gets nothing, though
    an earlier token may still be there.
    """

    def __init__(
        self,
        *,
        principal: Principal,
        run_id: str,
        platform_url: str,
        database: Database,
        lifetime: timedelta,
    ) -> None:
        self._principal = principal
        self._run_id = run_id
        self._platform_url = platform_url
        self._database = database
        self._lifetime = lifetime
        #: The account that the run is for. One of the same name that comes after it is another.
        self._subject = principal.subject
        self._issued: BearerCredential | None = None
        #: Of all that were issued here. Another worker that goes on with the run has others.
        self._hashes: set[str] = set()
        self._renew_at: datetime | None = None
        self._ended = False
        self._lock = asyncio.Lock()

    def __repr__(self) -> str:
        return f"<RunCredentials of {self._principal.id} for run {self._run_id}>"

    async def credential(self, endpoint: Endpoint) -> Credential | CredentialUnavailable:
        """Return a token for *endpoint*, which must be the platform, or why there is none."""
        if _origin(endpoint.base_url) != _origin(self._platform_url):
            return CredentialUnavailable(
                f'{self._principal.id} has no credential for the endpoint "{endpoint.name}": '
                f"the platform's tokens are sent to {self._platform_url} only."
            )
        async with self._lock:
            if self._ended:
                return CredentialUnavailable(
                    f"Run {self._run_id} has ended; no credential of {self._principal.id} is issued for it."
                )
            try:
                return await self._database.write(self._issue)
            except StoreUnavailable:
                return CredentialUnavailable(
                    f"No credential of {self._principal.id} can be had now: the platform's database does not"
                    " answer; nothing was sent. Try again later."
                )

    async def end(self) -> None:
        """Issue nothing from now on and revoke what was issued; waits for a question under way."""
        async with self._lock:
            self._ended = True
            self._issued = None
            if self._hashes:
                await self._database.write(lambda store: store.tokens.delete(self._hashes))

    async def _issue(self, store: Transaction) -> Credential | CredentialUnavailable:
        name = self._principal.id
        person = await (
            store.people.by_name(name) if self._subject is None else store.people.get(self._subject)
        )
        if self._principal.legacy and (person is None or not person.active):
            return CredentialUnavailable(await self._ownerless(store, person))
        if person is None:
            return CredentialUnavailable(f'"{name}" is not known to the platform; nothing was sent.')
        self._subject = person.id
        if not person.active:
            return CredentialUnavailable(f'"{name}" is {person.status} on the platform; nothing was sent.')
        now = store.now
        if self._issued is not None and self._renew_at is not None and now < self._renew_at:
            return self._issued
        token = mint()
        await store.tokens.delete_expired(now)
        self._hashes.add(hashed(token.reveal()))
        await store.tokens.add(
            RunToken(
                hash=hashed(token.reveal()),
                person_id=person.id,
                run_id=self._run_id,
                expires=now + self._lifetime,
                scope=self._principal.scope,
            )
        )
        self._issued = BearerCredential(token)
        self._renew_at = now + self._lifetime - self._lifetime / _LAST_PART
        return self._issued

    async def _ownerless(self, store: Transaction, owner: Person | None) -> str:
        """Return why a legacy run has nobody to call as, and what can be done about it."""
        run = await store.runs.get(self._run_id)
        plan = None if run is None or run.plan_id is None else await store.plans.get(run.plan_id)
        named = f'the plan "{plan.name}"' if plan is not None else "its plan"
        if owner is not None:
            why = (
                f'"{owner.target_name}", who owns the endpoint of {named}, is {owner.status} on the platform'
            )
        elif self._subject == NO_OWNER:
            why = f"this legacy run has nobody to call as: the endpoint of {named} has no owner"
        else:
            why = f"this legacy run has nobody to call as: the owner of the endpoint of {named} is no more"
        name = shlex.quote("PLAN" if plan is None else plan.name)
        return (
            f"{why[:1].upper()}{why[1:]}; nothing was sent. Name an owner with `deputize legacy owner {name} "
            "--owner USER`, or choose a method for the integration."
        )


def _origin(url: str) -> tuple[str, str, int | None]:
    parsed = httpx.URL(url)
    return parsed.scheme, parsed.host, parsed.port
