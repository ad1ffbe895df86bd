"""How many requests the integrations of a plan accept in a minute.

Theory of operation. What is denied is kept as well, so that it has the same limit; but it is counted by
itself, or whoever may not set an integration off could keep out those who may.
"""

import math
from datetime import timedelta
from typing import Final

from deputize.domain.plan import Plan
from deputize.inbound.answers import CallerRefused, later
from deputize.store import Transaction

_MINUTE: Final = timedelta(minutes=1)


async def beyond_rate(store: Transaction, plan: Plan, *, denied: bool = False) -> CallerRefused | None:
    """Return the refusal when *plan* has accepted, or *denied*, as many in the last minute as it may.

    They are counted in the database, so the limit holds over every server and every start.
    """
    most = plan.requests_per_minute
    if most is None:
        return None
    # Two at once would each count without the other.
    await store.plans.hold(plan.id)
    before = await store.runs.came(plan.id, denied=denied, since=store.now - _MINUTE, limit=most)
    if len(before) < most:
        return None
    wait = min(before) + _MINUTE - store.now if before else _MINUTE
    return later(
        "RATE_LIMITED",
        f"The plan accepts {most} requests in a minute. This one was not accepted; send it again later.",
        retry_after=max(1, math.ceil(wait.total_seconds())),
        operator_detail=(
            f'plan "{plan.name}" has {"denied" if denied else "accepted"} {most} requests in the last minute'
        ),
    )
