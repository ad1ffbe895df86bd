"""A request that may come again: the run, or the event, that it became."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

#: The header that a key comes in.
IDEMPOTENCY_KEY: Final = "idempotency-key"
_LONGEST: Final = 255
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


class KeyUnreadable(ValueError):
    """What stands in the header is no key."""


def key_among(values: Sequence[str]) -> str | None:
    """Return the key that stands in *values* of the header; None where there are none.

    Raises ``KeyUnreadable``.
    """
    if not values:
        return None
    key = values[0].strip()
    if len(values) > 1 or not (0 < len(key) <= _LONGEST and key.isascii() and key.isprintable()):
        raise KeyUnreadable(
            f"An Idempotency-Key is one header of 1 to {_LONGEST} printable ASCII characters."
        )
    return key
