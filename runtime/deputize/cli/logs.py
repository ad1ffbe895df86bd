"""What the server logs, and how: one line of JSON for each event, or words on a terminal."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

from deputize.cli.escape import visible

#: Loggers of libraries whose lines below a warning are of no use to an operator.
_QUIET: Final = ("uvicorn.access", "uvicorn.error", "httpx", "httpcore", "aiosqlite", "alembic", "dbos")


def log_to_stderr(*, level: str) -> None:
    """Configure structlog and the standard library's logging for a process of ours.

    *level* is debug, info, warning or error. Nothing that is logged has a credential in it at any level:
    entries are redacted when they are written, and libraries that would log requests are kept quiet.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    terminal = sys.stderr.isatty()
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(ensure_ascii=True)
    )
    structlog.configure(
        processors=[
            *shared,
            *([_escaped] if terminal else []),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _escaped(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Let no text of a script, a caller or an endpoint draw on the terminal."""
    return {key: visible(value) if isinstance(value, str) else value for key, value in event.items()}
