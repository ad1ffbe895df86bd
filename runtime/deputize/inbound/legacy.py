"""Callers of legacy integrations: let in as they were before there were methods.

Theory of operation. Where a plan's authentication was off, everybody may call, and what a request
presents is not looked at – but that a run's token, if it is one, tells which scripts led to the call, so
that none sets itself off. Where it was on, HTTP Basic with the plan's own pair opens its legacy
integrations and nothing else; a person's password does not. Who calls is not known in either case: the run
acts as the owner of the plan's endpoint.
"""

from deputize.credentials.authenticators import Accounts, RunTokens
from deputize.credentials.password_gate import PasswordGate
from deputize.credentials.passwords import Busy, Verdict
from deputize.credentials.throttle import Throttled
from deputize.domain.event import Chain
from deputize.domain.integration import Integration
from deputize.domain.legacy import LEGACY, NO_OWNER, NO_OWNER_NAME, LegacyTerms
from deputize.domain.principal import Principal
from deputize.inbound.answers import (
    Authenticated,
    CallerRefused,
    busy,
    throttled,
    unauthenticated,
    unknown_integration,
)
from deputize.inbound.presented import Presented, PresentedPassword, PresentedRunToken
from deputize.store import Transaction


async def refuse_stranger(
    presented: PresentedPassword, *, terms: LegacyTerms, gate: PasswordGate, source: str | None
) -> CallerRefused | None:
    """Return why *presented* is not the pair of *terms*; None when it is."""
    stored = terms.hash if presented.name == terms.name else None
    answer = await gate.verify_pair(presented.name, presented.password.reveal(), stored=stored, source=source)
    match answer:
        case Verdict.RIGHT:
            return None
        case Verdict.WRONG:
            return unauthenticated("a name and password that are not the pair of the integration's plan")
        case Throttled():
            return throttled(answer)
        case Busy():
            return busy(answer)


async def chain_of(presented: Presented, *, tokens: RunTokens) -> Chain:
    """Return the integrations that led to a call without authentication: those of a run that makes it."""
    if not isinstance(presented, PresentedRunToken):
        return ()
    caller = await tokens.run_caller(presented.token.reveal())
    return () if caller is None else caller.chain


def absent(terms: LegacyTerms | None, operator_detail: str) -> CallerRefused:
    """Return the answer about an integration that is not there or not run, to who was let in by *terms*.

    Whom nobody knows is not told by it whether there is one.
    """
    if terms is not None and not terms.authenticated:
        return unauthenticated(operator_detail)
    return unknown_integration(operator_detail)


async def admit(
    store: Transaction, integration: Integration, terms: LegacyTerms, *, accounts: Accounts, chain: Chain
) -> Authenticated:
    """Return the caller of a legacy *integration* that *terms* let in, by the state of this moment."""
    return Authenticated(
        principal=await owner_of(store, terms, accounts=accounts),
        # Not the owner's: nobody learns by an Idempotency-Key what somebody else was told.
        subject=f"{LEGACY}/{terms.plan_id}",
        integration=integration,
        chain=chain,
        terms=terms,
    )


async def owner_of(store: Transaction, terms: LegacyTerms, *, accounts: Accounts) -> Principal:
    """Return the owner of the plan's endpoint; nobody, where there is none or the account is no more."""
    standing = None if terms.owner is None else await accounts.standing(store, terms.owner)
    if standing is None:
        return Principal(id=NO_OWNER_NAME, name=NO_OWNER_NAME, via=LEGACY, subject=NO_OWNER)
    account = await accounts.account(store, standing.subject)
    return Principal(
        id=standing.name,
        name=standing.name if account is None else account.display_name,
        via=LEGACY,
        subject=standing.subject,
    )
