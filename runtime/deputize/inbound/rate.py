"""How many requests the integrations of a plan accept in a minute."""

import math
from datetime import timedelta
from typing import Final

from deputize.domain.plan import Plan
from deputize.inbound.answers import CallerRefused, later
from deputize.store import Transaction

_MINUTE: Final = timedelta(minutes=1)


async def beyond_rate(store: Transaction, plan: Plan) -> CallerRefused | None:
    """Return the refusal when *plan* has accepted as many requests in the last minute as it may.

    What was accepted is counted in the database, so the limit holds over every server and every start.
    """
    most = plan.requests_per_minute
    if most is None:
        return None
    # Two at once would each count without the other.
    await store.plans.hold(plan.id)
    accepted = await store.runs.accepted(plan.id, since=store.now - _MINUTE, limit=most)
    if len(accepted) < most:
        return None
    wait = min(accepted) + _MINUTE - store.now if accepted else _MINUTE
    return later(
        "RATE_LIMITED",
        f"The plan accepts {most} requests in a minute. This one was not accepted; send it again later.",
        retry_after=max(1, math.ceil(wait.total_seconds())),
        operator_detail=f'plan "{plan.name}" has accepted {most} requests in the last minute',
    )
