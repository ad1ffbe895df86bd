"""Storms for as long as is wanted, one after the other: python -m tests.acceptance.chaos [--minutes N] [--seed N].

Every storm has a seed of its own, which it prints before it begins; ``--seed`` has that one again, and no other.
"""

import argparse
import random
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.acceptance.chaos.faults import ALONE, OPERATED, OPERATED_TOGETHER, TOGETHER
from tests.acceptance.chaos.storm import Outcome, storm

from tests.conftest import own_server


def main(*, minutes: float, seed: int | None) -> int:
    """Have storms on either store, and return 1 as soon as something was promised and not kept."""
    until = time.monotonic() + minutes * 60
    while True:
        this = random.SystemRandom().randrange(10**6) if seed is None else seed
        for store in ("SQLite", "PostgreSQL"):
            print(f"storm on {store}, seed {this}", flush=True)
            outcome = _on(store, seed=this)
            _show(outcome)
            if outcome.violations:
                return 1
        if seed is not None or time.monotonic() > until:
            return 0


def _on(store: str, *, seed: int) -> Outcome:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="deputize-chaos-")))
        if store == "SQLite":
            return storm(folder, ALONE | OPERATED, seed=seed, rounds=2)
        server = stack.enter_context(own_server(folder))
        faults = TOGETHER | OPERATED_TOGETHER
        return storm(folder, faults, seed=seed, rounds=2, workers=2, postgresql=server)


def _show(outcome: Outcome) -> None:
    answers = ", ".join(
        f"{number} × {status or 'nothing'}" for status, number in outcome.ledger.answers.items()
    )
    states = ", ".join(f"{number} {state}" for state, number in sorted(outcome.states.items()))
    print(f"  faults     {', '.join(outcome.faults)}")
    print(f"  answers    {answers}; {len(outcome.arrivals.seen)} calls came to the upstream")
    print(
        f"  runs       {states}; {outcome.interrupted} had been INTERRUPTED, and an operator went on with them"
    )
    print(f"  violations {len(outcome.violations)}", flush=True)
    for each in outcome.violations:
        print(f"    {each}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--seed", type=int)
    arguments = parser.parse_args()
    sys.exit(main(minutes=arguments.minutes, seed=arguments.seed))
