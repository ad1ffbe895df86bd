"""The same signed request once more: refused, unless it is a sender's own retry.

Theory of operation. A signature that was captured proves what it proved. So what was signed is remembered
in the transaction that keeps its run: as long as its time could be accepted, or for as long as the
integration is there where no time is signed. What started nothing – it was denied, or beyond the rate –
is not remembered: its sender may send it again, and it starts a run once at the most. A sender of
Standard Webhooks that heard no answer signs the same message id anew, with the time of the retry; it is
told of the run that there is, as if the id were an ``Idempotency-Key``.
"""

from datetime import timedelta
from typing import Final

from deputize.domain.idempotency import REMEMBERED_FOR
from deputize.domain.signature import LONGEST_TOLERANCE_SECONDS
from deputize.inbound.answers import Accepted, Authenticated, CallerRefused, signature_replayed
from deputize.inbound.identified import SignedBy
from deputize.store import Transaction

#: By the longest tolerance, whatever is set now: a longer one may be set later. The second is for a time
#: that is accepted at the end of it.
_TIMED: Final = timedelta(seconds=LONGEST_TOLERANCE_SECONDS + 1)


async def seen_before(store: Transaction, caller: Authenticated) -> Accepted | CallerRefused | None:
    """Return the answer to what *caller* has signed and sent before; None for what is new or not signed."""
    signed, integration = caller.signed, caller.integration
    if signed is None:
        return None
    # Two at once would each look before the other has been kept.
    await store.plans.hold(integration.plan_id)
    await store.signatures.delete_expired(store.now)
    before = await store.signatures.run_of(integration.id, signed.message)
    if before is not None:
        return signature_replayed(before)
    if signed.message_id is None:
        return None
    first = await store.signatures.run_of(integration.id, signed.message_id)
    if first is None:
        return None
    await _see_message(store, signed, integration.id, run_id=first)
    return Accepted(request_id=first, replayed=True)


async def see(store: Transaction, caller: Authenticated, *, run_id: str) -> None:
    """Remember what *caller* has signed; ``seen_before`` has been asked in the same transaction."""
    signed, integration = caller.signed, caller.integration
    if signed is None:
        return
    await _see_message(store, signed, integration.id, run_id=run_id)
    if signed.message_id is not None:
        await store.signatures.see(
            integration.id,
            signed.message_id,
            run_id=run_id,
            at=store.now,
            expires=store.now + REMEMBERED_FOR,
        )


async def _see_message(store: Transaction, signed: SignedBy, integration_id: str, *, run_id: str) -> None:
    expires = None if signed.at is None else signed.at + _TIMED
    await store.signatures.see(integration_id, signed.message, run_id=run_id, at=store.now, expires=expires)
