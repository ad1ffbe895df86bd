"""What was done to the deployment, by whom and from where."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """One act, without any secret."""

    id: str
    ts: datetime
    #: The name of who did it, or "deputize" for the product itself.
    actor: str
    #: As ``key.issued``: a thing, and what became of it.
    action: str
    #: What it was done to, as ``integration:sync_people``.
    target: str
    #: From where: ``cli``, ``project``, or an address.
    source: str
    detail: Mapping[str, JsonValue]
    #: Rises with every record; given by the store.
    position: int = 0
