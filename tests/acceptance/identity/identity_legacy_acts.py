"""What the state machine of identities does to legacy integrations, by the product's use cases."""

from deputize.domain.legacy import LegacyTerms
from deputize.errors import Refused
from deputize.use_cases.actor import Actor
from deputize.use_cases.legacy_terms import set_owner, set_pair


class LegacyActs:
    """Acts of a deployment; the parts that they work with are the deployment's."""

    async def bring_in(self, plan, terms):
        """Bring legacy terms in, as an import does."""
        kept = LegacyTerms(
            plan_id=plan,
            authenticated=terms.pair is not None,
            name=None if terms.pair is None else terms.pair.name,
            hash=None if terms.pair is None else await self._passwords.hash(terms.pair.password),
            owner=terms.owner,
            imported=self._clock(),
        )
        await self._database.write(lambda tx: tx.legacy.put_terms(kept))

    # None is returned where the act is refused.

    async def set_owner(self, plan, name):
        return await attempt(set_owner(self._database, Actor.operator(), plan=plan, owner=name))

    async def set_pair(self, plan, pair):
        act = set_pair(
            self._database,
            Actor.operator(),
            hasher=self._passwords,
            plan=plan,
            name=pair.name,
            password=pair.password,
        )
        return await attempt(act)

    async def try_to_edit(self, integration_id, **values):
        return await attempt(self.edit(integration_id, **values))


async def attempt(act):
    """Return what *act* returns, True for nothing, and None where it is refused."""
    try:
        return await act or True
    except Refused:
        return None
