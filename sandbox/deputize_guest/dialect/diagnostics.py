"""What is wrong with a script, each with its place and what to do instead."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

#: The codes of what ``compile`` can say, for the documents.
CODES: Final = (
    "ATTRIBUTE_NOT_ALLOWED",
    "ATTRIBUTE_UNKNOWN",
    "IMPORT_NOT_ALLOWED",
    "MAIN_INVALID",
    "MAIN_MISSING",
    "NAME_NOT_ALLOWED",
    "NAME_UNKNOWN",
    "SHARED_CYCLE",
    "SHARED_UNKNOWN",
    "SYNTAX_ERROR",
    "SYNTAX_NOT_SUPPORTED",
)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that keeps a script from running. Lines and columns count from 1."""

    line: int
    column: int
    code: str
    message: str
    #: The shared library that it is in; empty for the script itself.
    library: str = ""


def problem_at(node: ast.AST, code: str, message: str) -> Problem:
    """Return a problem at the place of *node*, whose columns are characters."""
    return Problem(getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1, code, message)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `` Did you mean "x"?`` for the nearest of *known*, or an empty text."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f' Did you mean "{near[0]}"?' if near else ""


def nearest_or_all(name: str, known: Iterable[str]) -> str:
    """Return `` Did you mean "x"?``, or all of *known* when none is near."""
    everything = sorted(known)
    return did_you_mean(name, everything) or f" It has: {', '.join(everything)}."
