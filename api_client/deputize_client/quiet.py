"""Keeps the HTTP libraries from logging our own calls: their lines repeat URLs and headers."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_LOGGERS = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy")

_ours: ContextVar[bool] = ContextVar("deputize_client_call", default=False)


class _NotOurs(logging.Filter):
    """Drops a record that is made while one of our calls is under way; others pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not _ours.get()


_FILTER = _NotOurs()


@contextmanager
def quiet() -> Iterator[None]:
    """Within this context httpx and httpcore log nothing; other tasks' calls are logged as ever."""
    for name in _LOGGERS:
        # Adding a filter that is there already changes nothing.
        logging.getLogger(name).addFilter(_FILTER)
    token = _ours.set(True)
    try:
        yield
    finally:
        _ours.reset(token)
