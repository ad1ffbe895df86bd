"""``statistics``: Python's own, but that what it draws at random is seeded by the run.

``NormalDist.samples`` draws from the generator of the module ``random``, which the run seeds.
"""

import statistics as standard
from collections.abc import Sequence
from typing import Any, Final

from deputize_guest.dialect.remade.random_module import Random

_NAMES: Final = """
    LinearRegression NormalDist StatisticsError correlation covariance fmean geometric_mean harmonic_mean
    kde kde_random linear_regression mean median median_grouped median_high median_low mode multimode
    pstdev pvariance quantiles stdev variance
"""


def kde_random(data: Sequence[float], h: float, kernel: str = "normal", *, seed: Any = None) -> Any:
    """Return a function that draws from the density estimated of *data*."""
    drawn = Random().getrandbits(128) if seed is None else seed
    made: Any = standard.kde_random(data, h, kernel, seed=drawn)  # type: ignore[attr-defined,unused-ignore] # since 3.13
    return made


_REMADE: Final = {"kde_random": kde_random}
MEMBERS: Final = {
    "statistics": {
        name: _REMADE.get(name, getattr(standard, name)) for name in _NAMES.split() if hasattr(standard, name)
    },
}
