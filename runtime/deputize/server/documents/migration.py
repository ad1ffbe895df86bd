"""The way over from legacy integrations: the report, shadows, and integrations that were switched over."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, JsonValue

from deputize.domain.integration import Method
from deputize.domain.legacy import ShadowFinding, Verdict
from deputize.domain.signature import SignatureScheme
from deputize.server.documents.document import Document, Sent
from deputize.server.documents.keys import IssuedKeyDocument
from deputize.use_cases.migration.findings import Certainty, Finding, FindingCode
from deputize.use_cases.migration.readiness import State, counted
from deputize.use_cases.migration.report import Report, ReportedIntegration
from deputize.use_cases.migration.shadows import SeenShadow
from deputize.use_cases.migration.switching import Switched


class ReportedIntegrationDocument(Document):
    """Where one inbound integration stands."""

    id: str
    name: str
    plan: str
    method: str
    """Its method, `legacy`, or `choose one`."""
    sends_as: str | None
    """As whom its scripts call: `initiator`, or the name of the endpoint's owner; null: as nobody."""
    last_used: datetime | None
    requests: int
    """Requests of 30 days."""
    old_requests: int
    """Those of them that came as legacy integrations are called."""
    state: State
    why: list[str]
    """What stands in the way, in sentences."""
    holders: list[str]
    """Users who have a key to it."""
    unclear: list[int]
    """Lines of its script of which it cannot be told whether they read people."""

    @classmethod
    def of(cls, reported: ReportedIntegration) -> "ReportedIntegrationDocument":
        """Return the document of *reported*."""
        return cls(
            id=reported.reviewed.integration.id,
            name=reported.reviewed.integration.name,
            plan=reported.reviewed.plan.name,
            method=reported.method,
            sends_as=reported.sends_as,
            last_used=reported.last_used,
            requests=reported.requests,
            old_requests=reported.old_requests,
            state=reported.readiness.state,
            why=list(reported.readiness.why),
            holders=list(reported.holders),
            unclear=list(reported.unclear),
        )


class FindingDocument(Document):
    """One thing that is not best practice, and what to do about it."""

    code: FindingCode
    certainty: Certainty
    integration_id: str
    integration: str
    """As `PLAN/NAME`."""
    user: str | None
    line: int | None
    count: int | None
    message: str
    advice: str
    command: str | None
    """What does it, to be copied; a word in capitals is to be replaced."""

    @classmethod
    def of(cls, finding: Finding) -> "FindingDocument":
        """Return the document of *finding*."""
        return cls(
            code=finding.code,
            certainty=finding.certainty,
            integration_id=finding.integration_id,
            integration=finding.integration,
            user=finding.user,
            line=finding.line,
            count=finding.count,
            message=finding.message,
            advice=finding.advice,
            command=finding.command,
        )


class MigrationReport(Document):
    """Where the integrations stand, and the review of what is not best practice."""

    integrations: list[ReportedIntegrationDocument]
    findings: list[FindingDocument]
    legacy_left: int
    """How many are legacy; with none left, the endpoint's owner has no effect anywhere."""

    @classmethod
    def of(cls, report: Report) -> "MigrationReport":
        """Return the document of *report*."""
        return cls(
            integrations=[ReportedIntegrationDocument.of(each) for each in report.integrations],
            findings=[FindingDocument.of(each) for each in report.findings],
            legacy_left=report.legacy_left,
        )


class ShadowFindingDocument(Document):
    """What would become of the calls of one line of one script."""

    script: str
    line: int | None
    method: str
    path: str
    """The latest one, without its query."""
    verdict: Verdict
    count: int
    first: datetime
    last: datetime
    detail: dict[str, JsonValue]
    """Of the latest one: what was missing, or where how much less or something else would stand."""

    @classmethod
    def of(cls, found: ShadowFinding) -> "ShadowFindingDocument":
        """Return the document of *found*."""
        return cls(
            script=found.script,
            line=found.line,
            method=found.method,
            path=found.path,
            verdict=found.verdict,
            count=found.count,
            first=found.first,
            last=found.last,
            detail=dict(found.detail),
        )


class ShadowDocument(Document):
    """A shadow, and what it has found."""

    integration_id: str
    integration: str
    """As `PLAN/NAME`."""
    user: str | None
    """As whom the calls are judged; null where that account is no more."""
    since: datetime
    until: datetime | None
    """When it ends, or ended; null: it lasts until it is ended."""
    runs: int
    calls: dict[Verdict, int]
    """How many calls had each verdict."""
    found: list[ShadowFindingDocument]

    @classmethod
    def of(cls, seen: SeenShadow) -> "ShadowDocument":
        """Return the document of *seen*."""
        return cls(
            integration_id=seen.integration.id,
            integration=f"{seen.plan.name}/{seen.integration.name}",
            user=seen.user,
            since=seen.shadow.since,
            until=seen.shadow.until,
            runs=seen.runs,
            calls=counted(seen.found),
            found=[ShadowFindingDocument.of(each) for each in seen.found],
        )


class SentShadow(Sent):
    """As whom the calls are to be judged."""

    user: str = Field(alias="as", min_length=1)
    """The name of a user."""
    days: Annotated[int, Field(ge=1, le=365)] | None = None
    """How long it lasts; without it until it is ended."""


class SwitchedDocument(Document):
    """An integration that was switched over, or given back."""

    integration_id: str
    integration: str
    """As `PLAN/NAME`."""
    method: Method | None
    legacy: bool
    objections: list[str]
    """What spoke against it, and was confirmed."""
    key: IssuedKeyDocument | None
    """The key that was issued with it; its secret is shown only now."""

    @classmethod
    def of(cls, switched: Switched, *, public_url: str) -> "SwitchedDocument":
        """Return the document of *switched*; addresses begin with *public_url*."""
        key = switched.key
        return cls(
            integration_id=switched.integration.id,
            integration=f"{switched.plan.name}/{switched.integration.name}",
            method=switched.integration.method,
            legacy=switched.integration.legacy,
            objections=list(switched.objections),
            key=None if key is None else IssuedKeyDocument.issued(key, public_url=public_url),
        )


class SentSwitch(Sent):
    """How callers are to be authenticated from now on."""

    method: Method
    signature: SignatureScheme | None = None
    """How requests are signed; with the method "signature"."""
    holder: str | None = Field(default=None, alias="for", min_length=1)
    """The name of a user who gets a key at once."""
    confirmed: bool = False
    """Whether it is to be done whatever speaks against it."""
