"""The same request once more: what ``Idempotency-Key`` promises."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from deputize.domain.idempotency import IDEMPOTENCY_KEY, KeyUnreadable, RememberedRequest, key_among
from deputize.inbound.answers import Accepted, CallerRefused, unreadable
from deputize.inbound.presented import Parameters, is_credential_parameter
from deputize.inbound.received import ReceivedRequest
from deputize.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyKey:
    """A key that the caller chose, and what it was sent with."""

    key: str
    #: Stands for everything that the run depends on.
    request_hash: str = field(repr=False)


def chosen_key(values: Sequence[str]) -> str | CallerRefused | None:
    """Return the key that stands in *values* of the header; None where there are none."""
    try:
        return key_among(values)
    except KeyUnreadable as error:
        return unreadable("REQUEST_UNREADABLE", str(error))


def idempotency_key(request: ReceivedRequest, query: Parameters) -> IdempotencyKey | CallerRefused | None:
    """Return the key that *request*, whose query is *query*, came with; None when it has none."""
    key = chosen_key(request.header_values(IDEMPOTENCY_KEY))
    if key is None or isinstance(key, CallerRefused):
        return key
    told = [
        request.integration_id,
        # The same request may come with another key of the same person.
        [[name, value] for name, value in query if not is_credential_parameter(name)],
        list(request.header_values("content-type")),
        hashlib.sha256(request.body).hexdigest(),
    ]
    return IdempotencyKey(key=key, request_hash=hashlib.sha256(json.dumps(told).encode()).hexdigest())


async def answered_before(
    store: Transaction, key: IdempotencyKey | None, *, subject: str
) -> Accepted | CallerRefused | None:
    """Return the answer to a request whose key *subject* has sent before; None for a new one."""
    before = None if key is None else await store.idempotency.find(subject, key.key, now=store.now)
    if key is None or before is None:
        return None
    if before.request_hash != key.request_hash:
        return CallerRefused(
            code="IDEMPOTENCY_KEY_REUSED",
            detail="This Idempotency-Key came before with another request. Use a new key for a new request.",
            operator_detail=f"an Idempotency-Key that run {before.run_id} was asked for with",
        )
    return Accepted(request_id=before.run_id, replayed=True)


async def remember(store: Transaction, key: IdempotencyKey | None, *, subject: str, run_id: str) -> bool:
    """Remember that the request became a run; return False when the key is known already."""
    if key is None:
        return True
    await store.idempotency.delete_expired(store.now)
    return await store.idempotency.reserve(
        RememberedRequest(
            subject=subject,
            key=key.key,
            request_hash=key.request_hash,
            run_id=run_id,
            created=store.now,
        )
    )
