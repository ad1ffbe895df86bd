"""What was done to the deployment, by whom and from where."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import JsonValue

#: A thing, and what became of it.
AuditAction: TypeAlias = Literal[
    "backup.taken",
    "bundle.taken",
    "client.changed",
    "client.registered",
    "client.rotated",
    "constant.deleted",
    "constant.set",
    "device.deleted",
    "device.set",
    "email.refused",
    "email.started",
    "endpoint.deleted",
    "endpoint.set",
    "form.changed",
    "grant.given",
    "grant.revoked",
    "group.changed",
    "group.created",
    "group.deleted",
    "integration.changed",
    "key.issued",
    "key.revoked",
    "key.rotated",
    "legacy.changed",
    "legacy.used",
    "library.deleted",
    "library.set",
    "login.failed",
    "login.refused",
    "login.succeeded",
    "migration.switched",
    "migration.undone",
    "password.set",
    "plan.changed",
    "plan.imported",
    "project.applied",
    "retention.pruned",
    "run.dismissed",
    "run.replayed",
    "run.resumed",
    "schedule.changed",
    "schedule.consented",
    "schedule.created",
    "schedule.deleted",
    "schedule.withdrawn",
    "secret.deleted",
    "secret.set",
    "session.ended",
    "session.opened",
    "shadow.ended",
    "shadow.started",
    "signing.rotated",
    "token.issued",
    "token.revoked",
    "user.changed",
    "user.created",
    "user.deleted",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """One act, without any secret."""

    id: str
    ts: datetime
    #: The name of who did it, or "deputize" for the product itself.
    actor: str
    #: One of ``AuditAction``; an older version may have written others.
    action: str
    #: What it was done to, as ``integration:sync_people``.
    target: str
    #: From where: ``cli``, ``project``, or an address.
    source: str
    detail: Mapping[str, JsonValue]
    #: Rises with every record; given by the store.
    position: int = 0
