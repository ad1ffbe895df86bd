"""The metrics of the server, in the text format of Prometheus.

Theory of operation. What is said of runs and workers is asked of the database when somebody looks, and so is
the same on every server of a deployment; requests and the process are this one's own. Labels have few values,
all of them known beforehand: no user, plan, integration or path is one, which would tell too much and make a
series for each. A database that does not answer is itself a figure, and keeps nobody from reading the others.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from deputize.credentials.metrics_token import MetricsToken
from deputize.domain.run import RunState
from deputize.errors import StoreUnavailable
from deputize.store import Database, Transaction
from deputize.store.figures import Waiting

#: Seconds that the database has to answer.
_PATIENCE: Final = 2.0
#: Which part of the server a request is for, by what its path begins with.
_SURFACES: Final = (
    ("/api/integration/", "inbound"),
    ("/api/v1/", "api"),
    ("/api/xm/", "platform"),
    ("/reapi/", "platform"),
    ("/oauth2/", "oauth"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figures:
    runs: dict[RunState, int]
    waiting: Waiting
    dead_letters: int
    workers: int
    at: datetime


class Metrics:
    """Counts the requests of this process, and reads the figures of *database* for those who have *token*."""

    def __init__(self, database: Database, *, token: MetricsToken, many_workers: bool) -> None:
        """Say with *many_workers* whether there may be others than this process."""
        self._database = database
        self._token = token
        self._many_workers = many_workers
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        build = Gauge("deputize_build", "1, with the version.", ["version"], registry=self._registry)
        build.labels(version=version("deputize")).set(1)
        self._requests = Counter(
            "deputize_requests", "Requests answered.", ["surface", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "deputize_request_seconds",
            "Seconds to the beginning of an answer.",
            ["surface"],
            registry=self._registry,
        )

    def admits(self, authorization: str | None) -> bool:
        """Return whether who sends the header *authorization* may read."""
        return self._token.admits(authorization)

    def count(self, path: str, *, status: int, seconds: float) -> None:
        """Count a request that is being answered."""
        surface = next((name for start, name in _SURFACES if path.startswith(start)), "other")
        self._requests.labels(surface=surface, status=str(status)).inc()
        self._seconds.labels(surface=surface).observe(seconds)

    async def text(self) -> bytes:
        """Return every metric as it is now."""
        asked = CollectorRegistry()
        figures = await self._figures()
        up = Gauge("deputize_database_up", "Whether the database answers.", registry=asked)
        up.set(figures is not None)
        if figures is not None:
            self._fill(asked, figures)
        return generate_latest(self._registry) + generate_latest(asked)

    def _fill(self, registry: CollectorRegistry, figures: _Figures) -> None:
        runs = Gauge("deputize_runs", "Runs that are kept, by state.", ["state"], registry=registry)
        for state, number in figures.runs.items():
            runs.labels(state=state.value).set(number)
        depth = Gauge("deputize_queue_depth", "Runs that are due and nobody performs.", registry=registry)
        depth.set(figures.waiting.runs)
        age = Gauge(
            "deputize_queue_age_seconds", "How long the oldest of these has been due.", registry=registry
        )
        since = figures.waiting.since
        age.set(0 if since is None else max(0.0, (figures.at - since).total_seconds()))
        dead = Gauge(
            "deputize_dead_letters", "Runs that failed and nothing tries again by itself.", registry=registry
        )
        dead.set(figures.dead_letters)
        if self._many_workers:
            Gauge("deputize_workers", "Workers that are present.", registry=registry).set(figures.workers)

    async def _figures(self) -> _Figures | None:
        try:
            return await asyncio.wait_for(self._database.read(_read), _PATIENCE)
        except (StoreUnavailable, TimeoutError):
            return None


async def _read(tx: Transaction) -> _Figures:
    figures = tx.figures
    return _Figures(
        runs=await figures.runs(),
        waiting=await figures.waiting(tx.now),
        dead_letters=await figures.dead_letters(),
        workers=await figures.workers(),
        at=tx.now,
    )
