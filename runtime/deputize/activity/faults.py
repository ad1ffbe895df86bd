"""Tells the operator of a fault of this product, without a value that may be a secret."""

import traceback

import structlog

from deputize.errors import DeputizeError


def log_fault(event: str, error: BaseException, **fields: str) -> None:
    """Emit *error* as one structlog event: its type and where it arose, and what led to it.

    Of a message only our own are shown: those of libraries quote statements, headers and addresses.
    Nothing is emitted while the application has not configured structlog.
    """
    if structlog.is_configured():
        structlog.get_logger("deputize").error(event, **fields, fault=_described(error))


def _described(error: BaseException) -> list[str]:
    lines = []
    seen: BaseException | None = error
    while seen is not None:
        said = f": {seen}" if isinstance(seen, DeputizeError) else ""
        frames = [f"{each.name}:{each.lineno}" for each in traceback.extract_tb(seen.__traceback__)]
        lines.append(f"{type(seen).__module__}.{type(seen).__qualname__}{said} at {' > '.join(frames)}")
        if isinstance(seen, BaseExceptionGroup):
            lines += [line for each in seen.exceptions for line in _described(each)]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return lines
