"""One attempt at a run: what a worker writes under, and what keeps everybody else from writing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """The fence of a run: it is passed on when its worker is taken for dead, and its writes count no more."""

    run_id: str
    #: 1, 2, 3, … within the run.
    number: int
    #: The worker whose attempt it is: one process, from its start to its end.
    worker: str
