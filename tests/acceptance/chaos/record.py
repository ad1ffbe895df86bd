"""What three parties say of a storm: the client, the upstream, and the deployment's own export."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Condition, Lock
from typing import Any, Final

#: Seconds that anything in a storm may take at most: it goes on meanwhile on a busy machine.
PATIENCE: Final = 150
#: Where a call of an order leads.
PATH: Final = re.compile(r"orders/(\d+)/(\d+/\w+)$")
#: The order that a client places, by the number that it gives to no other.
Order = int
#: A call of an order's script, such as ``0/post``: one of it is made in every run.
Step = str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A request that the upstream got."""

    order: Order
    step: Step
    method: str
    idempotency_key: str | None
    #: What the upstream answered it with, and nothing else.
    receipt: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A run as the deployment shows it."""

    id: str
    state: str
    result: Any
    activity: Sequence[Mapping[str, Any]]


#: Everything that the deployment shows at one moment, by the id of the run.
Export = Mapping[str, Exported]


@dataclass(kw_only=True)
class Ledger:
    """What a client knows: which orders it has placed, and which runs were acknowledged to it."""

    #: Orders that were sent, whatever came back.
    placed: set[Order] = field(default_factory=set)
    #: The order of each run that was answered with 202.
    acknowledged: dict[str, Order] = field(default_factory=dict)
    #: How many requests were answered with each status; None: with nothing.
    answers: dict[int | None, int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def place(self, order: Order) -> None:
        """Note that *order* is about to be sent."""
        with self._lock:
            self.placed.add(order)

    def answered(self, order: Order, status: int | None, run: str | None = None) -> None:
        """Note what came back, and the run that was acknowledged."""
        with self._lock:
            self.answers[status] = self.answers.get(status, 0) + 1
            if run is not None:
                self.acknowledged[run] = order


@dataclass(kw_only=True)
class Arrivals:
    """What came to the upstream, in the order in which it came."""

    seen: list[Arrival] = field(default_factory=list)
    _more: Condition = field(default_factory=Condition, repr=False)

    def add(self, order: Order, step: Step, *, method: str, idempotency_key: str | None) -> Arrival:
        """Note a request, and return it with the receipt that it is to be answered with."""
        with self._more:
            arrival = Arrival(
                order=order,
                step=step,
                method=method,
                idempotency_key=idempotency_key,
                receipt=f"receipt-{len(self.seen)}",
                at=datetime.now(UTC),
            )
            self.seen.append(arrival)
            self._more.notify_all()
        return arrival

    def wait_for(self, more: int) -> None:
        """Return when so many *more* requests have come. Raises ``TimeoutError`` when they do not."""
        with self._more:
            wanted = len(self.seen) + more
            if not self._more.wait_for(lambda: len(self.seen) >= wanted, timeout=PATIENCE):
                raise TimeoutError(f"{len(self.seen)} requests have come, and no more within {PATIENCE} s")
