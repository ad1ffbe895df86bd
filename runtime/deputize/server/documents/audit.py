"""The audit stream."""

from datetime import datetime

from pydantic import JsonValue

from deputize.domain.audit import AuditRecord
from deputize.server.documents.document import Document


class AuditDocument(Document):
    """One act: who, what, when, from where; never a secret."""

    id: str
    ts: datetime
    actor: str
    action: str
    target: str
    source: str
    detail: dict[str, JsonValue]

    @classmethod
    def of(cls, record: AuditRecord) -> "AuditDocument":
        """Return the document of *record*."""
        return cls(
            id=record.id,
            ts=record.ts,
            actor=record.actor,
            action=record.action,
            target=record.target,
            source=record.source,
            detail=dict(record.detail),
        )


class AuditRecords(Document):
    """Records, the newest first."""

    data: list[AuditDocument]
