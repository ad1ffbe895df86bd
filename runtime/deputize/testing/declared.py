"""Where in a test something was declared."""

import sys
from pathlib import Path
from typing import Final

#: Files that stand between the test and whoever asks: those of this package and of the library of mocks.
_BETWEEN: Final = ("deputize/testing/", "/respx/")


def place() -> str:
    """Return the nearest place outside of this package, as ``tests/test_x.py:12``."""
    frame = sys._getframe(1)  # noqa: SLF001 - named so by the standard library
    while frame.f_back is not None and any(each in frame.f_code.co_filename for each in _BETWEEN):
        frame = frame.f_back
    path = Path(frame.f_code.co_filename)
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    return f"{shown}:{frame.f_lineno}"
