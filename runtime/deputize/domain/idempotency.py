"""A request that may come again: the run, or the event, that it became."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

#: How long a key is remembered.
REMEMBERED_FOR: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedRequest:
    """One caller's request with an ``Idempotency-Key``, or a message with its ``Message-ID``."""

    #: The caller: the same key of another is another request.
    subject: str
    key: str
    request_hash: str
    #: The id of the run; of the event where a form was started.
    run_id: str
    created: datetime
