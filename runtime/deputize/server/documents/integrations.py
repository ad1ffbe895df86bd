"""Integrations, the versions of their scripts, and what is wrong with one."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Literal

from pydantic import Field

from deputize.domain.integration import Action, CallbackKind, Language, Method, ScriptVersion
from deputize.domain.signature import SignatureScheme
from deputize.server.documents.document import Document, Sent, SentChange
from deputize.use_cases.change_plan import UNCHANGED
from deputize.use_cases.edit_integration import IntegrationChange
from deputize.use_cases.integration_warnings import WarningCode
from deputize.use_cases.see_integrations import SeenIntegration
from deputize_sandbox import Diagnostic


class VersionDocument(Document):
    """One version of a script, without its text."""

    number: int
    sha256: str
    author: str
    created: datetime
    language: Language
    """Only Python is run."""

    @classmethod
    def of(cls, version: ScriptVersion) -> "VersionDocument":
        """Return the document of *version*."""
        return cls(
            number=version.number,
            sha256=version.sha256,
            author=version.author,
            created=version.created,
            language=version.language,
        )


class Versions(Document):
    """Versions of a script, the newest first."""

    data: list[VersionDocument]


class ScriptDocument(VersionDocument):
    """One version of a script."""

    source: str

    @classmethod
    def of(cls, version: ScriptVersion) -> "ScriptDocument":
        """Return the document of *version*."""
        return cls(**dict(VersionDocument.of(version)), source=version.source)


class WarningDocument(Document):
    """Something that somebody has to see to."""

    code: WarningCode
    detail: str


class IntegrationDocument(Document):
    """An integration, without the text of its script."""

    id: str
    name: str
    plan_id: str
    plan: str
    """The name of its plan."""
    action: Action | None
    """Inbound: what a request makes it do."""
    method: Method | None
    """Inbound: how callers are authenticated; null while none has been chosen."""
    legacy: bool
    """Inbound: it goes on as it was before there were methods, until one is chosen."""
    signature: SignatureScheme | None
    """How requests are signed, where that is the method."""
    on: CallbackKind | None
    """Outbound: the change of an event that sets it off."""
    form: str | None
    """The name of its form."""
    response_choice: str | None
    enabled: bool
    version: VersionDocument | None
    """The present script; null where the product's own is used."""
    warnings: list[WarningDocument]
    """What somebody has to see to."""
    trigger_path: str | None
    """Inbound: the path that requests go to."""

    @classmethod
    def of(cls, seen: SeenIntegration) -> "IntegrationDocument":
        """Return the document of an integration."""
        each = seen.integration
        return cls(
            id=each.id,
            name=each.name,
            plan_id=each.plan_id,
            plan=seen.plan,
            action=each.action,
            method=each.method,
            legacy=each.legacy,
            signature=None if each.signature is None else SignatureScheme.of(each.signature),
            on=each.callback,
            form=seen.form,
            response_choice=each.response_choice,
            enabled=each.enabled,
            version=None if seen.version is None else VersionDocument.of(seen.version),
            warnings=[WarningDocument(**asdict(warning)) for warning in seen.warnings],
            trigger_path=trigger_path(each.id) if each.inbound else None,
        )


class WholeIntegrationDocument(IntegrationDocument):
    """An integration with its script."""

    script: str | None
    """Null where the product's own is used."""

    @classmethod
    def of(cls, seen: SeenIntegration) -> "WholeIntegrationDocument":
        """Return the document of an integration."""
        without = IntegrationDocument.of(seen)
        return cls(**dict(without), script=None if seen.version is None else seen.version.source)


class Integrations(Document):
    """Integrations, by name."""

    data: list[IntegrationDocument]


class SentIntegration(SentChange):
    """What is to change of an integration; what is left out stays."""

    script: str = Field(default="", repr=False)
    edited_version: int = Field(default=0, ge=0)
    """The number of the version that *script* was made from; if it is not the present one any more, 409."""
    method: Method = "api-key"
    signature: SignatureScheme = SignatureScheme(preset="standard-webhooks")
    """How requests are signed; with the method "signature"."""
    enabled: bool = True
    form: str | None = None
    """The name of a form of the plan; null for none."""
    response_choice: str | None = None
    """RESPONSE: the one choice that sets it off; null for every choice."""

    def change(self) -> IntegrationChange:
        """Return it as use cases take it."""
        given = self.model_fields_set
        return IntegrationChange(
            script=self.script if "script" in given else None,
            edited_version=self.edited_version if "edited_version" in given else None,
            method=self.method if "method" in given else None,
            signature=self.signature if "signature" in given else None,
            enabled=self.enabled if "enabled" in given else None,
            form=self.form if "form" in given else UNCHANGED,
            response_choice=self.response_choice if "response_choice" in given else UNCHANGED,
        )


class SentScript(Sent):
    """A script that is to be checked."""

    script: str = Field(repr=False)


class DiagnosticDocument(Document):
    """Something wrong with a script: what, where, and what to do."""

    file: str
    line: int
    column: int
    severity: Literal["error", "warning", "note"]
    code: str
    message: str


class Checked(Document):
    """What is wrong with a script."""

    errors: int
    diagnostics: list[DiagnosticDocument]

    @classmethod
    def of(cls, found: Sequence[Diagnostic]) -> "Checked":
        """Return the document of what was found."""
        return cls(
            errors=sum(each.severity == "error" for each in found),
            diagnostics=[DiagnosticDocument(**asdict(each)) for each in found],
        )


def trigger_path(integration_id: str) -> str:
    """Return the path that requests to an inbound integration go to."""
    return f"/api/integration/1/functions/{integration_id}/triggers"
