"""The embedded platform: started with a seed, called over a real socket, gone when it is closed."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from deputize.domain.decision import Explanation
from deputize.domain.principal import Principal
from deputize.loopback import HOST, Listener, serve
from deputize.platform.embedded.app import TRACE_HEADER, build_app
from deputize.platform.embedded.credentials import RunCredentials
from deputize.platform.embedded.denials import RecentDenials
from deputize.platform.embedded.seed import PlatformSeed
from deputize.platform.embedded.seeding import put_seed
from deputize.platform.embedded.tokens import LIFETIME
from deputize.store import Database
from deputize_client import Exchange, ReceivedResponse

_FORBIDDEN = 403


def _now() -> datetime:
    return datetime.now(UTC)


class EmbeddedPlatform:
    """Implements ``Platform``: people, roles and events in SQLite, and a REST API under ``/api/xm/1``.

    An async context manager: it listens on a port of the moment of 127.0.0.1 while the context lasts.
    The seed goes into an empty database only. Raises ``Misconfigured`` when the seed does not fit.
    """

    def __init__(
        self,
        seed: PlatformSeed,
        database: Database | None = None,
        *,
        clock: Callable[[], datetime] = _now,
        token_lifetime: timedelta = LIFETIME,
    ) -> None:
        """Take a seed, an open database and a clock that gives aware datetimes; start nothing.

        Without a database it has one of its own, in memory.
        """
        self._seed = seed
        self._given = database
        self._clock = clock
        self._token_lifetime = token_lifetime
        self._denials = RecentDenials()
        self._sources: dict[str, list[RunCredentials]] = {}
        self._stack = AsyncExitStack()
        self._open: tuple[Database, Listener] | None = None

    async def __aenter__(self) -> Self:
        """Fill the database if it is empty, and listen."""
        async with AsyncExitStack() as stack:
            database = self._given or await self._own_database(stack)
            await database.write(lambda store: put_seed(store, self._seed, now=self._clock()))
            app = build_app(database=database, denials=self._denials, clock=self._clock)
            self._open = database, await stack.enter_async_context(serve(app))
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop listening; a database of its own is gone."""
        await self._stack.aclose()
        self._open = None

    @property
    def base_url(self) -> str:
        """``http://127.0.0.1:PORT``."""
        return self._running[1].url

    @property
    def admitted(self) -> frozenset[tuple[str, int]]:
        """The one address and port that it listens on."""
        return frozenset({(HOST, self._running[1].port)})

    @property
    def database(self) -> Database:
        """The database, for those who administer the platform in the same process."""
        return self._running[0]

    async def principal(self, name: str, *, via: str) -> Principal | None:
        """Return the person whose name is exactly *name*; None for nobody. They need not be active."""
        person = await self.database.read(lambda store: store.people.by_name(name))
        if person is None:
            return None
        return Principal(id=person.target_name, name=person.display_name, via=via, subject=person.id)

    def credentials_for(self, principal: Principal, *, run_id: str) -> RunCredentials:
        """Return the source of *principal*'s tokens for one run; it issues none before it is asked."""
        source = RunCredentials(
            principal=principal,
            run_id=run_id,
            platform_url=self.base_url,
            database=self.database,
            clock=self._clock,
            lifetime=self._token_lifetime,
        )
        self._sources.setdefault(run_id, []).append(source)
        return source

    async def end_run(self, run_id: str) -> None:
        """Revoke the tokens of a run; its sources issue none from now on."""
        for source in self._sources.pop(run_id, []):
            await source.end()

    async def explain(self, exchange: Exchange) -> Explanation | None:
        """Return why this platform refused *exchange*; None when it did not, or has forgotten."""
        outcome = exchange.outcome
        if not isinstance(outcome, ReceivedResponse) or outcome.status_code != _FORBIDDEN:
            return None
        traces = [value for name, value in outcome.headers if name.lower() == TRACE_HEADER]
        return self._denials.explain(traces[0]) if len(traces) == 1 else None

    async def people_names(self) -> list[str]:
        """Return everybody's name, sorted."""
        everybody = await self.database.read(lambda store: store.people.all())
        return [person.target_name for person in everybody]

    async def _own_database(self, stack: AsyncExitStack) -> Database:
        database = Database("sqlite+aiosqlite:///:memory:", clock=self._clock)
        stack.push_async_callback(database.close)
        await database.open()
        return database

    @property
    def _running(self) -> tuple[Database, Listener]:
        if self._open is None:
            raise RuntimeError(
                "the embedded platform is not running; use it inside `async with EmbeddedPlatform(…)`"
            )
        return self._open
