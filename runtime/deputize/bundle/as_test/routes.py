"""The routes of a generated test: one for each address that was called, with its answers in order."""

import keyword
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from deputize.activity.journal import JournalExchange
from deputize.bundle import har
from deputize.bundle.as_test.answers import Answer, answer_of
from deputize.bundle.as_test.expressions import WIDTH, Call, Name, assigned, on_one_line, statement, written
from deputize.bundle.as_test.naming import Naming
from deputize.bundle.file import Bundle
from deputize.bundle.present import base_of

_INDENT: Final = 4
#: How the place ends at which an endpoint's tokens are fetched; tests have tokens of their own.
_TOKENS: Final = ".auth"
#: Why a call fails before any route could answer it, in a test as in the record.
_BY_ITSELF: Final = frozenset({"invalid_request", "unknown_endpoint"})
#: Lines of an answer that may stand in the test; a longer one has a name, above it.
_LINES: Final = 14
#: Methods of which an endpoint's mock has a method; what a bundle has besides is text, and stays text.
_VERBS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_TAKEN: Final = frozenset({"run", "httpx", "json", "datetime", "utc", "payload", "sample"})


@dataclass(slots=True, kw_only=True)
class _Route:
    endpoint: str
    method: str
    path: str
    params: tuple[tuple[str, str], ...]
    exchanges: list[JournalExchange] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRoutes:
    """The routes as text, and what they cannot say."""

    #: Statements of the test, in its indentation.
    lines: tuple[str, ...]
    #: Long answers, as assignments of the module.
    constants: tuple[str, ...]
    left_out: tuple[str, ...]
    needs_httpx: bool


def routes_of(bundle: Bundle, naming: Naming) -> WrittenRoutes:
    """Return the routes that answer every call of *bundle* as it was answered."""
    left_out: list[str] = []
    routes = _gathered(bundle, naming, left_out)
    writer = _Writer(routes, naming, left_out)
    lines = tuple(writer.lines())
    return WrittenRoutes(
        lines=lines,
        constants=tuple(writer.constants),
        left_out=tuple(dict.fromkeys(left_out)),
        needs_httpx=any("httpx." in each for each in lines),
    )


def _gathered(bundle: Bundle, naming: Naming, left_out: list[str]) -> list[_Route]:
    found: dict[tuple[str, str, str, tuple[tuple[str, str], ...]], _Route] = {}
    for exchange in map(har.exchange_of, bundle.har.log.entries):
        if exchange.endpoint.endswith(_TOKENS) and exchange.endpoint not in bundle.head.endpoints:
            continue
        if exchange.failure is not None and exchange.failure.cause in _BY_ITSELF:
            continue
        shown = f"{exchange.request.method} {exchange.endpoint} {exchange.request.url}"
        answer = answer_of(exchange)
        base = base_of(bundle, exchange.endpoint)
        if answer is None or not base or not exchange.request.url.startswith(base):
            why = exchange.missing or "it did not go to the endpoint's own address"
            left_out.append(f"the call {shown}: {why}")
            continue
        left_out += [f"of the answer to {shown}: {each}" for each in answer.left_out]
        parts = urlsplit(exchange.request.url.removeprefix(base))
        params = tuple(parse_qsl(parts.query, keep_blank_values=True))
        key = (exchange.endpoint, exchange.request.method, naming.path(parts.path or "/"), params)
        route = found.setdefault(key, _Route(endpoint=key[0], method=key[1], path=key[2], params=params))
        if _overlaps(route.exchanges, exchange) and answer != route.answers[-1]:
            left_out.append(f"which of the calls {shown} got which answer: they were under way at once")
        route.exchanges.append(exchange)
        route.answers.append(answer)
    return _in_order(list(found.values()))


def _overlaps(before: Sequence[JournalExchange], exchange: JournalExchange) -> bool:
    return any(each.started + each.elapsed_ms / 1000 > exchange.started for each in before)


def _in_order(routes: list[_Route]) -> list[_Route]:
    """Return them by endpoint, and the one that looks at more of the query first: the first match answers."""
    endpoints = list(dict.fromkeys(each.endpoint for each in routes))
    paths = list(dict.fromkeys((each.endpoint, each.method, each.path) for each in routes))
    return sorted(
        routes,
        key=lambda each: (
            endpoints.index(each.endpoint),
            paths.index((each.endpoint, each.method, each.path)),
            -len(each.params),
        ),
    )


class _Writer:
    """Writes routes, and remembers the names that it has given."""

    def __init__(self, routes: Sequence[_Route], naming: Naming, left_out: list[str]) -> None:
        self._routes = routes
        self._naming = naming
        self._left_out = left_out
        self._names: set[str] = set(_TAKEN)
        #: The names of long answers, by their text.
        self._bodies: dict[str, str] = {}
        self.constants: list[str] = []

    def lines(self) -> Iterator[str]:
        """Yield the statements."""
        shared: dict[str, str] = {}
        for route in self._routes:
            mocked = on_one_line(Call("deputize_mock.endpoint", (self._naming.endpoint(route.endpoint),)))
            several = sum(each.endpoint == route.endpoint for each in self._routes) > 1
            if several and route.endpoint not in shared:
                shared[route.endpoint] = self._name(route.endpoint)
                yield assigned(shared[route.endpoint], Name(mocked), indent=_INDENT)
            yield from self._route(route, shared.get(route.endpoint, mocked))

    def _route(self, route: _Route, endpoint: str) -> Iterator[str]:
        params: Any = dict(route.params)
        if len(params) != len(route.params):
            params = list(route.params)
        wanted = {"params": params} if params else {}
        if route.method in _VERBS:
            declared = Call(f"{endpoint}.{route.method.lower()}", (route.path,), wanted)
        else:
            declared = Call(f"{endpoint}.request", (route.method, route.path), wanted)
        answered = self._answered(route)
        line = " " * _INDENT + on_one_line(declared) + answered.called
        if len(line) + len(on_one_line(answered)) - len(answered.called) <= WIDTH:
            yield line + on_one_line(answered)[len(answered.called) :]
            return
        word = _last_word(route.path)
        name = self._name(word, otherwise=None if route.method == "GET" else f"{route.method}_{word}")
        yield assigned(name, declared, indent=_INDENT)
        yield statement(Call(name + answered.called, answered.positional, answered.named), indent=_INDENT)

    def _answered(self, route: _Route) -> Call:
        """Return the call that gives *route* its answers, without what it is a call of."""
        answers = [self._shortened(each, route) for each in route.answers]
        first = answers[0]
        if all(each == first for each in answers):
            return Call(f".{first.verb}", first.positional, first.named)
        in_turn = []
        for each in answers:
            if each.in_turn is None:
                self._left_out.append(
                    f"that {route.method} {route.endpoint} {route.path} failed with {each.positional[0]} "
                    "between other answers: it fails with connect"
                )
            in_turn.append(each.in_turn or Call("httpx.ConnectError", ("made to fail by the test",)))
        return Call(".mock", (), {"side_effect": in_turn})

    def _shortened(self, answer: Answer, route: _Route) -> Answer:
        """Return *answer* with a long body of it named above the test."""
        for kind in ("json", "text", "content"):
            body = answer.named.get(kind)
            if body is None or written(body, before=WIDTH // 2).count("\n") < _LINES:
                continue
            text = on_one_line(body)
            if text not in self._bodies:
                self._bodies[text] = self._name(_last_word(route.path)).upper()
                self.constants.append(assigned(self._bodies[text], body))
            name = self._bodies[text]
            named = {**answer.named, kind: Name(name)}
            in_turn = answer.in_turn and Call(answer.in_turn.called, answer.in_turn.positional, named)
            return Answer(verb=answer.verb, positional=answer.positional, named=named, in_turn=in_turn)
        return answer

    def _name(self, wanted: str, *, otherwise: str | None = None) -> str:
        """Return a name like *wanted* that nothing has yet, or one like *otherwise*."""
        for each in filter(None, (wanted, otherwise)):
            name = identifier(each)
            if name not in self._names:
                break
        number = 2
        unique = name
        while unique in self._names:
            unique, number = f"{name}_{number}", number + 1
        self._names.add(unique)
        return unique


def _last_word(path: str) -> str:
    """Return the last part of *path* that is a word and no id."""
    words = [each.partition(".")[0] for each in path.split("/")]
    return next((each for each in reversed(words) if re.fullmatch(r"[A-Za-z][A-Za-z_-]+", each)), "route")


def identifier(text: str) -> str:
    """Return *text* as a name of Python: "Jira Cloud" is ``jira_cloud``."""
    name = re.sub(r"\W+|_+", "_", text.lower(), flags=re.ASCII).strip("_") or "it"
    return f"{name}_" if keyword.iskeyword(name) else f"n{name}" if name[0].isdigit() else name
