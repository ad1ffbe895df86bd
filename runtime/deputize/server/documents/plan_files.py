"""What an import of a plan has made, and what is to be done."""

from deputize.server.documents.document import Document
from deputize.use_cases.import_report import ImportReport, ScriptState, ToDoKind


class ToDoDocument(Document):
    """One thing that somebody has to do, or to know."""

    kind: ToDoKind
    target: str
    """What it is about, as `integration:PLAN/NAME`."""
    detail: str


class ImportedIntegrationDocument(Document):
    """One integration, as it was in the file and as it is now."""

    id: str | None
    """Null in a trial, where it would be made only then."""
    name: str
    inbound: bool
    had: str | None
    """Inbound: the method that the file has."""
    legacy: bool
    enabled: bool
    script: ScriptState
    """`to-port` is kept as text and not run; `wrong` has to be corrected."""


class ImportDocument(Document):
    """What one import has made, or would make."""

    dry_run: bool
    """Whether it was tried only, and nothing kept."""
    plan_id: str | None
    plan: str
    integrations: list[ImportedIntegrationDocument]
    forms: list[str]
    libraries: list[str]
    endpoints: list[str]
    constants: list[str]
    to_do: list[ToDoDocument]
    ignored: list[str]
    """What of the file means nothing here."""

    @classmethod
    def of(cls, report: ImportReport) -> "ImportDocument":
        """Return the document of *report*."""
        return cls(
            dry_run=report.dry_run,
            plan_id=report.plan_id,
            plan=report.plan,
            integrations=[
                ImportedIntegrationDocument(
                    id=each.id,
                    name=each.name,
                    inbound=each.inbound,
                    had=each.had,
                    legacy=each.legacy,
                    enabled=each.enabled,
                    script=each.script,
                )
                for each in report.integrations
            ],
            forms=list(report.forms),
            libraries=list(report.libraries),
            endpoints=list(report.endpoints),
            constants=list(report.constants),
            to_do=[
                ToDoDocument(kind=each.kind, target=each.target, detail=each.detail) for each in report.to_do
            ],
            ignored=list(report.ignored),
        )
