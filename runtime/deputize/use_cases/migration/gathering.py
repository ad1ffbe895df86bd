"""What the report is made from, by one state of the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from deputize.domain.integration import ScriptVersion
from deputize.domain.keys import ApiSecret, SigningSecret, UrlKey
from deputize.domain.legacy import LEGACY, LegacyTerms, Shadow, ShadowFinding
from deputize.domain.person import Person
from deputize.domain.plan import Plan
from deputize.domain.standing import Standing
from deputize.domain.start import INBOUND
from deputize.domain.stored_entry import EntryFilter, StoredEntry
from deputize.domain.stored_run import RunFilter, Use, Visible
from deputize.store import Transaction
from deputize.use_cases.migration.rights_review import Reviewed

#: How far the report looks back.
LOOKED_BACK: Final = timedelta(days=30)
#: Requests of one integration, and refusals of all, that are looked at.
_REQUESTS: Final = 50
_REFUSALS: Final = 5000
#: Those who set one integration off and are judged.
_USERS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """One integration, with all that is known of it."""

    reviewed: Reviewed
    version: ScriptVersion | None = field(repr=False)
    terms: LegacyTerms | None
    uses: Sequence[Use]
    last_used: datetime | None
    #: The subjects of those who have a live key or signing secret.
    holders: frozenset[str]
    shadow: Shadow | None
    found: Sequence[ShadowFinding]
    #: The headers of recent requests, where the method is one that they may speak against.
    requests: Sequence[Mapping[str, str]]

    @property
    def users(self) -> frozenset[str]:
        """The subjects of those who set it off, or are to: not of the owner of an endpoint."""
        started = [use.subject for use in self.uses if use.via != LEGACY and use.subject]
        supposed = [] if self.shadow is None else [self.shadow.subject]
        return frozenset([*sorted(self.holders)[:_USERS], *started[:_USERS], *supposed])


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """What is known of the integrations of some plans."""

    now: datetime
    integrations: Sequence[Gathered]
    people: Mapping[str, Person]
    standings: Mapping[str, Standing]
    #: Entries that say that somebody was refused.
    refusals: Sequence[StoredEntry] = field(repr=False)

    @property
    def names(self) -> dict[str, str]:
        """Everybody's name, by subject."""
        return {person.id: person.target_name for person in self.people.values()}


async def gather(tx: Transaction, plans: Sequence[Plan]) -> Everything:
    """Return what is known of the integrations of *plans*."""
    since = tx.now - LOOKED_BACK
    uses: dict[str, list[Use]] = {}
    for use in await tx.runs.uses(since=since):
        uses.setdefault(use.integration_id, []).append(use)
    last = await tx.runs.last_of_each()
    shadows = {each.integration_id: each for each in await tx.legacy.shadows()}
    found = [
        await _gathered(tx, reviewed, uses=uses, last=last, shadows=shadows, since=since)
        for plan in plans
        for reviewed in await _reviewed(tx, plan)
    ]
    people = {each.id: each for each in await tx.people.all()}
    wanted = frozenset[str]().union(*(each.users for each in found))
    return Everything(
        now=tx.now,
        integrations=found,
        people=people,
        standings={
            subject: standing
            for subject in sorted(wanted)
            if (standing := await tx.people.standing(subject)) is not None
        },
        refusals=await tx.entries.page(
            EntryFilter(kind="permission.denied", since=since),
            visible=Visible(plans=frozenset(plan.id for plan in plans)),
            limit=_REFUSALS,
        ),
    )


async def _reviewed(tx: Transaction, plan: Plan) -> list[Reviewed]:
    forms = {each.id: each for each in await tx.forms.of_plan(plan.id)}
    return [
        Reviewed(integration=each, plan=plan, form=forms.get(each.form_id or ""))
        for each in await tx.integrations.of_plan(plan.id)
    ]


async def _gathered(
    tx: Transaction,
    reviewed: Reviewed,
    *,
    uses: Mapping[str, Sequence[Use]],
    last: Mapping[str, datetime],
    shadows: Mapping[str, Shadow],
    since: datetime,
) -> Gathered:
    integration = reviewed.integration
    version_id = integration.script_version_id
    shadow = shadows.get(integration.id)
    return Gathered(
        reviewed=reviewed,
        version=None if version_id is None else await tx.scripts.get(version_id),
        terms=await tx.legacy.terms(reviewed.plan.id) if integration.legacy else None,
        uses=uses.get(integration.id, ()),
        last_used=last.get(integration.id),
        holders=await _holders(tx, integration.id),
        shadow=shadow,
        found=() if shadow is None else await tx.legacy.findings(integration.id),
        requests=await _requests(tx, integration.id, since) if integration.method == "url" else (),
    )


async def _holders(tx: Transaction, integration_id: str) -> frozenset[str]:
    secrets: list[ApiSecret | UrlKey | SigningSecret] = [
        *await tx.keys.secrets(integration_id=integration_id),
        *await tx.keys.url_keys(integration_id=integration_id),
        *await tx.signatures.secrets(integration_id=integration_id),
    ]
    return frozenset(each.subject for each in secrets if each.live(tx.now))


async def _requests(tx: Transaction, integration_id: str, since: datetime) -> list[Mapping[str, str]]:
    wanted = RunFilter(integration_id=integration_id, trigger=INBOUND, since=since)
    found: list[Mapping[str, str]] = []
    for run in await tx.runs.page(wanted, limit=_REQUESTS):
        headers = run.start.get("headers")
        if isinstance(headers, dict):
            found.append({name: str(value) for name, value in headers.items()})
    return found
