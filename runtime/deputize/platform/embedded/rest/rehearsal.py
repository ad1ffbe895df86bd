"""Answers requests as the API would, in transactions that nobody commits.

Theory of operation. A rehearsed request takes the way of one that came: the same route, handler and rules,
in a transaction that can change everything, so that what fails only when it is written fails here as well.
``Database.rehearse`` has no commit, the queue is told of no run, and nothing is remembered of a refusal.
Whose request it would be is supposed, not proved: nothing but a rehearsal takes a ``SupposedInitiator``.
"""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from types import MappingProxyType
from typing import Final, Protocol
from urllib.parse import unquote

from starlette.requests import Request
from starlette.routing import Match, Route
from starlette.types import Scope

from deputize.errors import TextNotStorable
from deputize.platform.embedded.rest.call import Answer, CheckFirst, Handler
from deputize.platform.embedded.rest.callers import Proved, SupposedInitiator
from deputize.platform.embedded.rest.problems import Forbidden, Problem
from deputize.platform.embedded.rest.routes import ROUTES
from deputize.platform.embedded.scripts import Draft, ScriptCheck
from deputize.platform.interface import Foreseen, PlannedRequest
from deputize.store import Database, Transaction

NOTHING_CHECKED: Final[Mapping[Draft, Sequence[str]]] = MappingProxyType({})
_READS: Final = ("GET", "HEAD")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that has been read, and whose it is."""

    request: Request
    handler: Handler
    proved: Proved | SupposedInitiator
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What came of a request."""

    answer: Answer
    #: The runs that were set off.
    runs: Sequence[str]
    #: The names of recipients whom an event that was started does not reach.
    left_out: Sequence[str]


class Judge(Protocol):
    """Judges and answers a request within a transaction."""

    def __call__(
        self, store: Transaction, asked: Asked, checked: Mapping[Draft, Sequence[str]]
    ) -> Awaitable[Judged]:
        """Return what comes of *asked*. Raises ``Problem``, and ``CheckFirst`` for what is not *checked*."""
        ...


class Rehearsal:
    """Knows what would become of requests."""

    def __init__(self, *, database: Database, check_script: ScriptCheck, judge: Judge) -> None:
        self._database = database
        self._check_script = check_script
        self._judge = judge
        self._routes = [(Route(path, _unserved), handlers) for path, handlers in ROUTES.items()]

    async def foresee(self, subject: str, planned: PlannedRequest) -> Foreseen | None:
        """Return what would become of *planned* as a script's request for the person of the id *subject*.

        None for what another part of the server answers.
        """
        scope = _scope(planned)
        found = self._found(scope)
        if found is None:
            return None
        handlers, parameters = found
        handler = handlers.get("GET" if planned.method in _READS else planned.method)
        if handler is None:
            return Foreseen(status_code=HTTPStatus.METHOD_NOT_ALLOWED)
        asked = Asked(
            request=Request({**scope, **parameters}),
            handler=handler,
            proved=SupposedInitiator(id=subject, run_id=planned.run_id),
            content=planned.body,
        )
        try:
            judged = await self._rehearsed(asked)
        except Problem as problem:
            denial = problem.denial if isinstance(problem, Forbidden) else None
            return Foreseen(status_code=problem.status, denial=denial)
        except TextNotStorable:
            return Foreseen(status_code=HTTPStatus.BAD_REQUEST)
        return Foreseen(status_code=judged.answer.status, left_out=tuple(judged.left_out))

    async def _rehearsed(self, asked: Asked) -> Judged:
        checked: dict[Draft, Sequence[str]] = {}
        if asked.request.method in _READS:
            return await self._database.read(lambda store: self._judge(store, asked, checked))
        while True:
            try:
                return await self._database.rehearse(lambda store: self._judge(store, asked, checked))
            except CheckFirst as unchecked:
                checked[unchecked.draft] = await self._check_script(unchecked.draft)

    def _found(self, scope: Scope) -> tuple[Mapping[str, Handler], Scope] | None:
        for route, handlers in self._routes:
            match, parameters = route.matches(scope)
            if match is not Match.NONE:
                return handlers, parameters
        return None


async def _unserved(_request: Request) -> None:
    raise AssertionError("a route of a rehearsal is matched, and never served")


def _scope(planned: PlannedRequest) -> Scope:
    path, _, query = planned.path.partition("?")
    if not path.startswith("/"):
        path = f"/{path}"
    return {
        "type": "http",
        "method": planned.method,
        "path": unquote(path).removesuffix("/"),
        "raw_path": path.encode("ascii", "replace"),
        "root_path": "",
        "query_string": query.encode("ascii", "replace"),
        "headers": [(b"content-type", planned.content_type.encode("latin-1", "replace"))],
        "scheme": "http",
        "server": None,
        "client": None,
    }
