"""``copy``: Python's own, without the memo and the hooks.

What copies itself in ways of its own, such as the objects of the API, is copied as itself.
"""

import copy as standard
from typing import Any, Final


def copy(value: Any) -> Any:
    """Return a copy of *value* that shares what is in it."""
    return standard.copy(value)


def deepcopy(value: Any) -> Any:
    """Return a copy of *value*, and of all that is in it."""
    return standard.deepcopy(value)


MEMBERS: Final = {"copy": {"Error": standard.Error, "copy": copy, "deepcopy": deepcopy}}
