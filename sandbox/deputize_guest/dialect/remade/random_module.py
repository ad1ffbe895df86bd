"""``random`` and ``uuid``: Python's own, seeded by the run, so that a replay draws the same."""

import random as standard
import uuid
from typing import Any, Final


class Random(standard.Random):
    """A generator of its own; without a seed, it is seeded by the run's."""

    def seed(self, a: Any = None, version: int = 2) -> None:
        """Begin anew, from *a* or from what the run's generator draws next."""
        super().seed(_UUIDS.getrandbits(128) if a is None else a, version)


# Two, so that a script that seeds ``random`` does not get the ids of another run.
_UUIDS: Final = standard.Random(0)  # noqa: S311 - a replay draws the same
_RUN: Final = Random(0)

_FUNCTIONS: Final = """
    betavariate binomialvariate choice choices expovariate gammavariate gauss getrandbits getstate
    lognormvariate normalvariate paretovariate randbytes randint random randrange sample seed setstate
    shuffle triangular uniform vonmisesvariate weibullvariate
"""


def begin(seed: str) -> None:
    """Seed the generators of the run."""
    _UUIDS.seed(f"uuid {seed}")
    _RUN.seed(f"random {seed}")
    # The one that the standard library itself draws from.
    standard.seed(f"statistics {seed}")


def uuid4() -> uuid.UUID:
    """Return a random id."""
    return uuid.UUID(int=_UUIDS.getrandbits(128), version=4)


MEMBERS: Final = {
    "random": {
        "Random": Random,
        **{name: getattr(_RUN, name) for name in _FUNCTIONS.split() if hasattr(_RUN, name)},
    },
    "uuid": {
        **{name: getattr(uuid, name) for name in ("UUID", "uuid3", "uuid5")},
        **{name: getattr(uuid, f"NAMESPACE_{name[10:]}") for name in ("NAMESPACE_DNS", "NAMESPACE_OID")},
        **{name: getattr(uuid, name) for name in ("NAMESPACE_URL", "NAMESPACE_X500")},
        "uuid4": uuid4,
    },
}
