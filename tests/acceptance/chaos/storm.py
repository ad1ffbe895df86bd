"""A storm: orders are placed, faults come at random moments, and then everybody is asked what happened."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

from tests.acceptance.chaos.client import client
from tests.acceptance.chaos.faults import Fault, Weather
from tests.acceptance.chaos.house import STEPS, House, house
from tests.acceptance.chaos.oracle import violations
from tests.acceptance.chaos.record import PATH, Arrivals, Export, Ledger
from tests.acceptance.chaos.upstream import upstream

#: Orders that are placed for each fault.
_ORDERS: Final = 10
#: A fault comes after so many requests of these orders at the latest.
_LATEST: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is known when a storm is over."""

    ledger: Ledger
    arrivals: Arrivals
    #: As each round ended, when all was quiet, and after an operator had seen to what was interrupted.
    exports: Sequence[Export]
    #: What was promised and not kept.
    violations: Sequence[str]
    #: The faults, in their order.
    faults: Sequence[str]

    @property
    def states(self) -> Counter[str]:
        """How many runs have come to each end."""
        return Counter(run.state for run in self.exports[-1].values())

    @property
    def interrupted(self) -> int:
        """How many runs were INTERRUPTED before an operator had seen to them."""
        return sum(run.state == "INTERRUPTED" for run in self.exports[-2].values())


def storm(
    folder: Path,
    faults: Mapping[str, Fault],
    *,
    seed: int,
    rounds: int = 1,
    workers: int = 0,
    postgresql: Any = None,
) -> Outcome:
    """Have every one of *faults* come in each of so many *rounds*, in an order and at moments of the *seed*."""
    random, ledger, arrivals = Random(seed), Ledger(), Arrivals()  # noqa: S311 - so that it can be had again
    database = None if postgresql is None else postgresql.take()
    with ExitStack() as stack:
        built = stack.enter_context(
            house(
                folder,
                upstream=stack.enter_context(upstream(arrivals)),
                store=None if database is None else postgresql.url(database),
                workers=workers,
            )
        )
        weather = Weather(house=built, random=random, postgresql=postgresql, database=database or "")
        orders = stack.enter_context(client(built, ledger))
        exports = []
        for _ in range(rounds):
            for name in random.sample(sorted(faults), len(faults)):
                orders.place(_ORDERS)
                arrivals.wait_for(random.randint(1, _LATEST))
                weather.done.append(name)
                faults[name](weather)
            exports.append(built.export())
        orders.wait()
        built.until_quiet()
        exports.append(built.export())
        _operate(built, exports[-1], arrivals)
        built.until_quiet()
        exports.append(built.export())
    return Outcome(
        ledger=ledger,
        arrivals=arrivals,
        exports=exports,
        violations=violations(ledger, arrivals.seen, exports, steps=STEPS, may_fail=weather.may_fail),
        faults=weather.done,
    )


def _operate(built: House, interrupted: Export, arrivals: Arrivals) -> None:
    """Say of each call that runs were interrupted at whether it came, as who looks it up at the upstream."""
    came = {(each.order, each.step) for each in arrivals.seen}
    for run in interrupted.values():
        if run.state == "INTERRUPTED":
            known = {}
            for call in run.activity[-1]["calls"]:
                found = PATH.search(call["path"])
                assert found is not None, call
                known[str(call["call"])] = "sent" if (int(found[1]), found[2]) in came else "not-sent"
            built.resume(run.id, known)
