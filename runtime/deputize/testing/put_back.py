"""What a script may change of the process that it runs in, put back at its end."""

import csv
import os
import random
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from deputize_guest.dialect.kinds import SCRIPT
from deputize_guest.script_module import module_of_scripts


@contextmanager
def process_put_back(*, recursion: int) -> Iterator[None]:
    """Make the process like a guest's, as far as a script can tell; put it back afterwards."""
    limit, chance, zone = sys.getrecursionlimit(), random.getstate(), os.environ.get("TZ")
    module, dialects = sys.modules.get(SCRIPT), set(csv.list_dialects())
    sys.modules[SCRIPT] = module_of_scripts()
    sys.setrecursionlimit(recursion + _depth())
    _set_zone("UTC")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.setrecursionlimit(limit)
        random.setstate(chance)
        _set_zone(zone)
        for name in set(csv.list_dialects()) - dialects:
            csv.unregister_dialect(name)
        del sys.modules[SCRIPT]
        if module is not None:
            sys.modules[SCRIPT] = module


def _set_zone(zone: str | None) -> None:
    if zone is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = zone
    time.tzset()


def _depth() -> int:
    """Return how many functions have been called within each other up to here."""
    depth, frame = 0, sys._getframe()  # noqa: SLF001 - named so by the standard library
    while frame.f_back is not None:
        depth, frame = depth + 1, frame.f_back
    return depth
