"""Which ids of a plan file stay: those that callers know and that are nobody's here."""

from typing import Final
from uuid import UUID, uuid4

from deputize.store import Transaction

#: The version of UUIDs that are random. Others follow from names, such as those of a project file, and are
#: not for a file to take.
_RANDOM: Final = 4


async def kept_form_id(tx: Transaction, wanted: str | None) -> str | None:
    """Return *wanted* where a form can have it here."""
    if wanted is None or not _is_random(wanted):
        return None
    return None if await tx.forms.get(wanted) is not None else wanted


async def kept_integration_id(tx: Transaction, wanted: str | None) -> str | None:
    """Return *wanted* where an integration can have it here: the address of an inbound one is made of it.

    One that had it and is gone has left versions of its script, which are not taken for the new one's.
    """
    if wanted is None or not _is_random(wanted) or await tx.integrations.get(wanted) is not None:
        return None
    return None if await tx.scripts.next_number(wanted) > 1 else wanted


def new_id() -> str:
    """Return an id that nobody has."""
    return str(uuid4())


def _is_random(text: str) -> bool:
    try:
        parsed = UUID(text)
    except ValueError:
        return False
    return parsed.version == _RANDOM and str(parsed) == text
