"""How an exception of a script is told: its type, its message, and the script's own lines."""

from collections.abc import Iterator, Mapping
from itertools import islice
from types import TracebackType
from typing import Any, Final

from deputize_guest.dialect.diagnostics import did_you_mean
from deputize_guest.dialect.facade import Facade, Library
from deputize_guest.private_names import shown
from deputize_guest.values import without_addresses

#: Lines kept of a traceback; a recursion that went too far has thousands.
_FRAMES: Final = 50


def faulted(error: BaseException, files: Mapping[str, str | None]) -> dict[str, Any]:
    """Return the frame that tells the host of *error*.

    *files* are those of the script by the names in its code, each with what the host calls it; None for the
    script itself.
    """
    return {
        "kind": "faulted",
        "type": shown(type(error).__name__),
        "message": _message(error),
        "traceback": _shortened(list(_lines(error.__traceback__, files))),
    }


def _message(error: BaseException) -> str:
    try:
        return shown(without_addresses(f"{_missing(error) or error}{_hint(error)}"))
    except BaseException:
        # It is the script's own method that raised, and may have raised anything.
        return "an exception that cannot be shown"


def _missing(error: BaseException) -> str | None:
    """Return Python's own words for an attribute that a module lacks."""
    if isinstance(error, AttributeError) and isinstance(error.obj, Facade | Library):
        return f"{error.obj!r} has no attribute {error.name!r}"
    return None


def _hint(error: BaseException) -> str:
    """Return the nearest attribute, where the interpreter says which one was looked for in what."""
    if not isinstance(error, AttributeError) or type(error.name) is not str or error.obj is None:
        return ""
    known = [shown(name) for name in dir(error.obj) if not name.startswith("_")]
    near = did_you_mean(shown(error.name), known)
    # A property that is there may have raised it, and said why.
    return f".{near}" if near and shown(error.name) not in known else ""


def _shortened(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return lines if len(lines) <= _FRAMES else [*lines[: _FRAMES // 2], *lines[-_FRAMES // 2 :]]


def _lines(traceback: TracebackType | None, files: Mapping[str, str | None]) -> Iterator[dict[str, Any]]:
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename in files:
            start, end, column, end_column = next(
                islice(code.co_positions(), traceback.tb_lasti // 2, None), (None, None, None, None)
            )
            whole = start is not None and start == end and column is not None and end_column is not None
            line = {
                "line": start or traceback.tb_lineno,
                "column": column + 1 if whole and column is not None else None,
                "end_column": end_column + 1 if whole and end_column is not None else None,
                "function": shown(code.co_name),
            }
            file = files[code.co_filename]
            yield line if file is None else {**line, "file": file}
        traceback = traceback.tb_next
