"""Who calls: the credential that a request presents, judged by the one method of its integration.

Theory of operation. First the credential is identified, with work that depends on its shape alone: one
HMAC for a key, one Argon2 for a password, whether the integration, the user, or their keys exist or not.
A request that may be signed is the exception: which headers to look at is known by its integration. There
the work is made the same by doing all of it for every request, as ``credentials/signing_secrets.py`` says.
Only then the integration is looked at. A credential that is nobody's, or not of the integration's
method, gets the same answer everywhere, whether there is an integration or not; a person who has proved
who they are is told that there is none. What comes first of all is one query, the same for every id:
whether the integration is legacy, and then ``legacy.py`` says who is let in. Keys are looked up by a hash
that the integration is part of: one of another integration is nobody's here. Nothing is ever assumed of a
caller who presents nothing.
"""

from dataclasses import dataclass

from deputize.authorisation import decide_scope
from deputize.credentials.authenticators import Accounts, RunTokens
from deputize.credentials.bearer_tokens import BearerTokens
from deputize.credentials.keys import KeyHasher
from deputize.credentials.password_gate import PasswordGate
from deputize.credentials.signing_secrets import SigningSecrets
from deputize.domain.decision import Denial
from deputize.domain.event import Chain
from deputize.domain.integration import Integration
from deputize.domain.legacy import LegacyTerms
from deputize.domain.principal import Principal
from deputize.domain.scope import TRIGGER
from deputize.inbound import api_key, basic, legacy, oauth, run_token, signature, url_key
from deputize.inbound.answers import (
    Authenticated,
    CallerRefused,
    ambiguous,
    insufficient_scope,
    unauthenticated,
    unknown_integration,
)
from deputize.inbound.identified import Identified
from deputize.inbound.presented import (
    Ambiguous,
    Credential,
    NothingPresented,
    Presented,
    PresentedAccessToken,
    PresentedPassword,
    PresentedRunToken,
    PresentedSignature,
    PresentedUrlKey,
)
from deputize.store import Database, Transaction

#: Characters; no id is longer.
_LONGEST_ID = 200
#: The id of no integration: what is looked up for an id that no database could hold.
_NO_ID = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authentication:
    """Says who the caller of an integration is."""

    database: Database
    hasher: KeyHasher
    signing: SigningSecrets
    gate: PasswordGate
    tokens: RunTokens
    accounts: Accounts
    bearer: BearerTokens

    async def authenticate(
        self, presented: Presented, *, integration_id: str, source: str | None
    ) -> Authenticated | CallerRefused:
        """Return who calls the integration of that id, or why nobody does. *source* is their address."""
        wanted = integration_id if _may_be_id(integration_id) else _NO_ID
        terms = await self.database.read(lambda store: store.legacy.terms_of(wanted))
        if terms is not None and not terms.authenticated:
            chain = await legacy.chain_of(presented, tokens=self.tokens)
            return await self._let_in(wanted, terms, chain=chain)
        if isinstance(presented, Ambiguous):
            return ambiguous(presented.why)
        if isinstance(presented, NothingPresented):
            return unauthenticated(presented.why)
        if terms is not None and isinstance(presented, PresentedPassword):
            stranger = await legacy.refuse_stranger(presented, terms=terms, gate=self.gate, source=source)
            return stranger or await self._let_in(wanted, terms)
        identified = await self._identify(presented, wanted, source)
        if isinstance(identified, CallerRefused):
            return identified
        integration = await self.database.read(lambda store: store.integrations.get(wanted))
        return _admit(identified, integration)

    async def _let_in(
        self, integration_id: str, terms: LegacyTerms, *, chain: Chain = ()
    ) -> Authenticated | CallerRefused:
        """Return the caller of a legacy integration that *terms* let in."""

        async def look(store: Transaction) -> Authenticated | CallerRefused:
            integration = await store.integrations.get(integration_id)
            if integration is None or not integration.enabled:
                return legacy.absent(terms, f'"{integration_id}" is not enabled, or is no more')
            return await legacy.admit(store, integration, terms, accounts=self.accounts, chain=chain)

        return await self.database.read(look)

    async def _identify(
        self, presented: Credential, integration_id: str, source: str | None
    ) -> Identified | CallerRefused:
        if isinstance(presented, PresentedPassword):
            return await basic.identify(presented, gate=self.gate, source=source)
        if isinstance(presented, PresentedAccessToken):
            return await oauth.identify(presented, bearer=self.bearer, database=self.database)
        if isinstance(presented, PresentedRunToken):
            return await run_token.identify(presented, tokens=self.tokens) or unauthenticated(
                "a token of no run that is under way"
            )
        if isinstance(presented, PresentedSignature):
            return await signature.identify(
                presented.request,
                integration_id=integration_id,
                signing=self.signing,
                hasher=self.hasher,
                accounts=self.accounts,
                database=self.database,
            )

        async def look_up(store: Transaction) -> Identified | None:
            if isinstance(presented, PresentedUrlKey):
                return await url_key.identify(
                    presented,
                    integration_id=integration_id,
                    hasher=self.hasher,
                    accounts=self.accounts,
                    store=store,
                )
            return await api_key.identify(
                presented,
                integration_id=integration_id,
                hasher=self.hasher,
                accounts=self.accounts,
                store=store,
            )

        return await self.database.read(look_up) or unauthenticated(
            "a key that is none, has ended, is another integration's, or whose owner is not active"
        )


def _admit(identified: Identified, integration: Integration | None) -> Authenticated | CallerRefused:
    """Return the caller if *integration* accepts what they were identified by."""
    name = identified.account.name
    # Before the integration is looked at: what may not set any off learns of none.
    decision = decide_scope(name, identified.scope, needs=TRIGGER, run=identified.via == "run-token")
    if isinstance(decision, Denial):
        return insufficient_scope(name, decision, scope=TRIGGER)
    if integration is None or not integration.inbound:
        return unknown_integration(f"{name} asked for an integration that is not there, or is not inbound")
    if integration.method not in identified.methods:
        return unauthenticated(
            f'{name} presented a credential of {identified.via} to "{integration.name}", '
            f"whose method is {integration.method or 'not chosen yet'}"
        )
    if not integration.enabled:
        return unknown_integration(f'{name} asked for "{integration.name}", which is not enabled')
    return Authenticated(
        principal=Principal(
            id=name,
            name=identified.account.display_name,
            via=identified.via,
            subject=identified.account.subject,
            scope=identified.scope,
        ),
        subject=identified.account.subject,
        integration=integration,
        chain=identified.chain,
        used=identified.used,
        signed=identified.signed,
    )


def _may_be_id(text: str) -> bool:
    return len(text) <= _LONGEST_ID and text.isprintable()
