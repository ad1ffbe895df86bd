"""Paths within the application that a browser may be sent on to."""

import re
from typing import Final

#: One slash at a time, and nothing that any browser would read as another origin.
_LOCAL: Final = re.compile(r"/(?!/)(?:[A-Za-z0-9_~.%=&?+,:;@!$'()*-]|/(?!/))*")
_LONGEST: Final = 2000


def local_path(text: str) -> str:
    """Return *text* if it is a path of ours with its query, else the first page."""
    return text if len(text) <= _LONGEST and _LOCAL.fullmatch(text) else "/"
