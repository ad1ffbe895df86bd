"""Judges a storm by what client, upstream and export say; it knows nothing of the deployment's inside.

Theory of operation. The client gives each order a number of its own, and the script of an order makes calls
whose paths have that number and the call's own place: ``orders/17/2/post``. So every request that the upstream
gets belongs to one call of one run, and the answer to each is a receipt that is given once. What is promised
comes down to counting these.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from tests.acceptance.chaos.record import PATH, Arrival, Export, Exported, Ledger, Order, Step

#: How a run may end of which a 202 told; a run whose guest was killed has FAILED.
_ENDS: Final = {"COMPLETED": "run.finished", "FAILED": "run.finished", "INTERRUPTED": "run.interrupted"}
#: Why a run of this script may have FAILED: somebody killed its guest.
_KILLED: Final = "GUEST_CRASHED"
#: The last word of a step that the upstream does once, however often it comes.
_KEYED: Final = "keyed"


def violations(
    ledger: Ledger,
    arrivals: Sequence[Arrival],
    exports: Sequence[Export],
    *,
    steps: Sequence[Step],
    may_fail: int = 0,
) -> list[str]:
    """Return what was promised and not kept, in sentences; *exports* are in the order of their time.

    A run that COMPLETED has made the calls of all *steps*; so many *may_fail*, since their guests were killed.
    """
    *before, last = exports
    return [
        *_lost(ledger, last, may_fail),
        *_sent_twice(arrivals, last),
        *_made_up(ledger, arrivals, last),
        *_left_out(arrivals, last, steps),
        *_gaps(last),
        *(each for early in before for each in _changed(early, last)),
    ]


def _lost(ledger: Ledger, last: Export, may_fail: int) -> Iterator[str]:
    for run_id, order in ledger.acknowledged.items():
        if run_id not in last:
            yield f"lost: run {run_id} of order {order} was acknowledged and is not there"
    for run in last.values():
        if run.state not in _ENDS:
            yield f"lost: run {run.id} is {run.state} for ever"
        elif _ENDS[run.state] != run.activity[-1]["kind"]:
            yield f"lost: run {run.id} is {run.state}, and ends with {run.activity[-1]['kind']}"
        elif run.state == "INTERRUPTED" and not run.activity[-1].get("reason"):
            yield f"lost: run {run.id} is INTERRUPTED for no reason"
        elif run.state == "FAILED" and (why := _error(run)) != _KILLED:
            yield f"lost: run {run.id} has FAILED: {why}"
    failed = sum(run.state == "FAILED" for run in last.values())
    if failed > may_fail:
        yield f"lost: {failed} runs have FAILED, and no more than {may_fail} guests were killed"


def _sent_twice(arrivals: Sequence[Arrival], last: Export) -> Iterator[str]:
    came: dict[tuple[Order, Step], list[Arrival]] = defaultdict(list)
    for each in arrivals:
        came[each.order, each.step].append(each)
    attempts = {_order(run): 1 + _count(run, "run.resumed") for run in last.values()}
    for (order, step), calls in came.items():
        once = calls[0].method == "POST" and not step.endswith(_KEYED)
        most = 1 if once else attempts.get(order, 1)
        if len(calls) > most:
            yield f"sent twice: {step} of order {order} came {len(calls)} times, and {most} may"
        if len(keys := {each.idempotency_key for each in calls}) > 1:
            yield f"sent twice: {step} of order {order} came under the keys {sorted(map(str, keys))}"


def _made_up(ledger: Ledger, arrivals: Sequence[Arrival], last: Export) -> Iterator[str]:
    """What is told of calls must have been, as it is told, and once."""
    given = {(each.order, each.step, each.receipt) for each in arrivals}
    for each in arrivals:
        if each.order not in ledger.placed:
            yield f"made up: {each.step} came of order {each.order}, which nobody placed"
    for run in last.values():
        told = list(_receipts(run))
        for order, step, receipt in told:
            if (order, step, receipt) not in given:
                yield f"made up: run {run.id} tells of {receipt} for {step} of order {order}"
        for (order, step), number in Counter((order, step) for order, step, _ in told).items():
            if number > 1:
                yield f"made up: run {run.id} tells {number} times of the answer to {step} of order {order}"
        if (placed := ledger.acknowledged.get(run.id)) is not None and _order(run) not in (placed, None):
            yield f"made up: run {run.id} is of order {_order(run)}, and was acknowledged for {placed}"
    runs = Counter(order for run in last.values() if (order := _order(run)) is not None)
    for order, number in runs.items():
        if number > 1:
            yield f"made up: order {order} was placed once and has {number} runs"


def _left_out(arrivals: Iterable[Arrival], last: Export, steps: Sequence[Step]) -> Iterator[str]:
    came = {(each.order, each.step) for each in arrivals}
    for run in last.values():
        if run.state != "COMPLETED":
            continue
        order = _order(run)
        for step in steps:
            if (order, step) not in came:
                yield f"left out: run {run.id} has COMPLETED, and {step} of order {order} never came"
        told = {step: receipt for _, step, receipt in _receipts(run)}
        # Of calls at the same time the script is told nothing when one answer is lost.
        known = {step: told[step] for step in told if step in run.result or not _has_lost_an_answer(run)}
        if run.result != known:
            yield f"left out: run {run.id} was told {run.result} and its stream says {told}"


def _gaps(last: Export) -> Iterator[str]:
    for run in last.values():
        numbers = [each["seq"] for each in run.activity]
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"gap: run {run.id} has the entries {numbers}"


def _changed(early: Export, late: Export) -> Iterator[str]:
    for run_id, run in early.items():
        now = () if run_id not in late else late[run_id].activity
        if list(now[: len(run.activity)]) != list(run.activity):
            yield f"changed: the entries of run {run_id} are not what they were"


def _receipts(run: Exported) -> Iterator[tuple[Order, Step, str]]:
    """Yield the answers that the run tells of."""
    for each in run.activity:
        if each["kind"] == "http.exchange" and each.get("statusCode") is not None:
            found = PATH.search(each["request"]["url"])
            if found is not None:
                yield int(found[1]), found[2], str(_body(each)["receipt"])


def _has_lost_an_answer(run: Exported) -> bool:
    """Whether an operator has said of one of its calls that it was sent."""
    exchanges = (each for each in run.activity if each["kind"] == "http.exchange")
    return any((each.get("error") or {}).get("cause") == "answer_lost" for each in exchanges)


def _body(exchange: Any) -> Any:
    return exchange["response"]["body"]


def _order(run: Exported) -> Order | None:
    """Return the order that the run is of; None where it was not begun."""
    for each in run.activity:
        if each["kind"] == "inbound.request":
            return int(each["body"]["order"])
    return None


def _error(run: Exported) -> str | None:
    return next((each["code"] for each in run.activity if each["kind"] == "error"), None)


def _count(run: Exported, kind: str) -> int:
    return sum(each["kind"] == kind for each in run.activity)
