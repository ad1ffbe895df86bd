"""The report on the way over: where each integration stands, and the review of what is not best practice.

Theory of operation. What is known is read in one transaction. Whom somebody else would see is asked of the
platform afterwards. Whose right it is to see users is told of their rights; anybody else who develops a plan
is told what stands in its scripts and streams.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from deputize.authorisation import decide_administer, decide_login
from deputize.domain.decision import Grant
from deputize.domain.legacy import LEGACY, Shadow
from deputize.domain.plan import Plan
from deputize.domain.standing import Standing
from deputize.platform.interface import Foresight
from deputize.script_review.review import ScriptReview, review_script
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import require
from deputize.use_cases.finding import developed_plan, may_develop
from deputize.use_cases.migration.caller_review import review_caller
from deputize.use_cases.migration.findings import Finding
from deputize.use_cases.migration.gathering import Everything, Gathered, gather
from deputize.use_cases.migration.readiness import Readiness, readiness
from deputize.use_cases.migration.refusal_review import review_refusals
from deputize.use_cases.migration.rights_review import Reviewed, review_access, review_reads
from deputize.use_cases.migration.sight import Sight

#: Instead of a method.
LEGACY_METHOD: Final = "legacy"
CHOOSE_ONE: Final = "choose one"
INITIATOR: Final = "initiator"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedIntegration:
    """Where one inbound integration stands."""

    reviewed: Reviewed
    #: Its method, "legacy" or "choose one".
    method: str
    #: As whom its scripts call: "initiator", or the name of the plan's endpoint owner; None: as nobody.
    sends_as: str | None
    last_used: datetime | None
    #: Requests of 30 days, and those of them that came with what legacy integrations accept.
    requests: int
    old_requests: int
    readiness: Readiness
    #: The names of those who have a key to it.
    holders: tuple[str, ...]
    shadow: Shadow | None
    #: Lines whose call may read people, or not: their path is made when the script runs.
    unclear: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that is reported."""

    integrations: tuple[ReportedIntegration, ...]
    findings: tuple[Finding, ...]

    @property
    def legacy_left(self) -> int:
        """How many integrations are legacy; with the last of them the endpoint owner's effect ends."""
        return sum(each.reviewed.integration.legacy for each in self.integrations)


async def report_migration(
    database: Database, actor: Actor, *, foresight: Foresight | None, plan: str | None = None
) -> Report:
    """Return the report on the integrations of a plan, or of every plan that the actor develops.

    Without *foresight* nothing is said of whom somebody would not see.
    """

    async def look(tx: Transaction) -> tuple[Everything, bool]:
        standing = await actor.standing(tx)
        require(decide_login(standing, what="see the report"))
        plans: list[Plan]
        if plan is None:
            plans = [each for each in await tx.plans.all() if may_develop(standing, each)]
        else:
            plans = [await developed_plan(tx, standing, plan)]
        sees_users = isinstance(decide_administer(standing, (), what="see users"), Grant)
        return await gather(tx, plans), sees_users

    known, sees_users = await database.read(look)
    reviews = {
        each.reviewed.integration.id: review
        for each in known.integrations
        if each.version is not None and each.version.runnable
        if (review := review_script(each.version.source)) is not None
    }
    findings = [*_scripts_and_callers(known, reviews), *_refusals(known, sees_users=sees_users)]
    if sees_users:
        findings += _access(known)
    if sees_users and foresight is not None:
        findings += await _reads(known, reviews, Sight(foresight, [*known.people.values()]))
    return Report(
        integrations=tuple(
            _reported(each, known, reviews.get(each.reviewed.integration.id))
            for each in known.integrations
            if each.reviewed.integration.inbound
        ),
        findings=tuple(sorted(findings, key=_order)),
    )


def _order(finding: Finding) -> tuple[str, str, int, str]:
    return finding.integration, finding.code, finding.line or 0, finding.user or ""


def _reported(each: Gathered, known: Everything, review: ScriptReview | None) -> ReportedIntegration:
    integration = each.reviewed.integration
    method = integration.method or (LEGACY_METHOD if integration.legacy else CHOOSE_ONE)
    owner = None if each.terms is None or each.terms.owner is None else known.people.get(each.terms.owner)
    legacy_sender = None if owner is None else owner.target_name
    return ReportedIntegration(
        reviewed=each.reviewed,
        method=method,
        sends_as=legacy_sender if integration.legacy else INITIATOR,
        last_used=each.last_used,
        requests=sum(use.count for use in each.uses),
        old_requests=sum(use.count for use in each.uses if use.via == LEGACY),
        readiness=readiness(
            integration,
            each.version,
            where=each.reviewed.where,
            keys=len(each.holders),
            shadow=each.shadow,
            found=each.found,
        ),
        holders=tuple(sorted(known.names.get(holder, holder) for holder in each.holders)),
        shadow=each.shadow,
        unclear=() if review is None else review.unclear,
    )


def _scripts_and_callers(known: Everything, reviews: Mapping[str, ScriptReview]) -> Iterator[Finding]:
    for each in known.integrations:
        reviewed = each.reviewed
        caller = review_caller(reviewed.integration, reviewed.where, each.requests)
        if caller is not None:
            yield caller
        review = reviews.get(reviewed.integration.id)
        for ignored in () if review is None else review.ignored:
            yield Finding(
                code="STATUS_IGNORED",
                integration_id=reviewed.integration.id,
                integration=reviewed.where,
                line=ignored.line,
                message=f"Line {ignored.line} calls {ignored.call} and nothing looks at the status: "
                "a refusal goes unnoticed.",
                advice="Look at `ok` or `refused` of the response, or call `raise_for_status()` on it.",
            )


def _refusals(known: Everything, *, sees_users: bool) -> list[Finding]:
    where = {each.reviewed.integration.id: each.reviewed.where for each in known.integrations}
    people = {each.target_name: each for each in known.people.values()} if sees_users else {}
    return review_refusals(known.refusals, where=where, people=people)


def _access(known: Everything) -> Iterator[Finding]:
    for each in known.integrations:
        if not each.reviewed.integration.inbound:
            continue
        for standing in _standings(known, each.users):
            finding = review_access(each.reviewed, standing, known.names)
            if finding is not None:
                yield finding


def _standings(known: Everything, subjects: frozenset[str]) -> list[Standing]:
    found = [known.standings[each] for each in subjects if each in known.standings]
    return sorted(found, key=lambda each: each.name)


async def _reads(known: Everything, reviews: Mapping[str, ScriptReview], sight: Sight) -> list[Finding]:
    found: list[Finding] = []
    for each in known.integrations:
        review = reviews.get(each.reviewed.integration.id)
        for read in () if review is None else review.reads:
            for standing in _standings(known, _initiators(known, each)):
                user = known.people[standing.subject]
                unseen = await sight.unseen(user, read.key)
                finding = review_reads(each.reviewed, read, user=user, unseen=unseen)
                found += [] if finding is None else [finding]
    return found


def _initiators(known: Everything, gathered: Gathered) -> frozenset[str]:
    """Return the subjects of those as whom the script calls, or is to call.

    An outbound script calls as who set the inbound integration of its form off.
    """
    integration = gathered.reviewed.integration
    if integration.inbound:
        return gathered.users
    sources = [
        each.users
        for each in known.integrations
        if each.reviewed.integration.inbound and each.reviewed.integration.form_id == integration.form_id
    ]
    return gathered.users.union(*sources)
