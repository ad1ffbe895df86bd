"""A client that answers from what was recorded, and reaches nothing.

Theory of operation. A request is checked as ``BoundClient`` checks it, so that what was refused then is
refused again. Then the record of the same request is looked for: endpoint, method, address, body, and the
headers that the caller gave. Equal requests are answered in the order in which they were recorded. Where
there is none, the nearest one that nobody has asked for yet answers, and that it is not the same is noted as
drift; a request that resembles none fails, as nothing is known of what would have come.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, Protocol, TypeAlias

from deputize_client.credentials import Secret
from deputize_client.endpoint import Endpoint
from deputize_client.errors import CallFailed
from deputize_client.limits import ClientLimits
from deputize_client.messages import (
    Exchange,
    Headers,
    OutboundRequest,
    SentRequest,
    TransportFailure,
)
from deputize_client.preparation import Call, prepare
from deputize_client.references import GuardedSecret

#: Headers that the client adds by itself, in lower case.
_OWN: Final = frozenset(
    {"accept", "accept-encoding", "authorization", "connection", "content-length", "host", "user-agent"}
)


class Client(Protocol):
    """Makes calls as one principal."""

    async def send(self, request: OutboundRequest) -> Exchange:
        """Make one call and return what happened, whatever it was."""
        ...

    def lost(self, request: OutboundRequest) -> Exchange:
        """Return the exchange of a request that was sent before, and whose answer is lost; send nothing."""
        ...

    async def aclose(self) -> None:
        """Let go of everything."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A request that is not what was recorded."""

    kind: Literal["changed", "new", "gone"]
    #: None for a new one.
    recorded: SentRequest | None
    #: None for one that is not made any more.
    made: SentRequest | None
    endpoint: str


@dataclass(frozen=True, slots=True)
class _Key:
    """What makes two requests the same."""

    endpoint: str
    method: str
    url: str
    body: bytes | None
    headers: frozenset[tuple[str, str]]


def _the_same(key: _Key) -> object:
    return key


#: How far a record may be from the request that it answers, the nearest first.
_Likeness: TypeAlias = Callable[[_Key], object]
_LIKENESSES: Final[tuple[_Likeness, ...]] = (
    _the_same,
    lambda key: (key.endpoint, key.method, key.url),
    lambda key: (key.endpoint, key.method, key.url.partition("?")[0]),
)


class Record:
    """Exchanges that answer equal requests, each once, in the order in which they were recorded."""

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        self._left = [(_key(each.endpoint, each.request), each) for each in exchanges]

    @property
    def left(self) -> tuple[Exchange, ...]:
        """Those that nobody has asked for."""
        return tuple(each for _, each in self._left)

    def take(self, endpoint: str, made: SentRequest) -> Exchange | None:
        """Return the exchange of the same request, or None; nobody gets it again."""
        return self.take_alike(_the_same, endpoint, made)

    def take_alike(self, likeness: _Likeness, endpoint: str, made: SentRequest) -> Exchange | None:
        """Return the first exchange whose request is the same in what *likeness* looks at."""
        wanted = likeness(_key(endpoint, made))
        for place, (key, exchange) in enumerate(self._left):
            if likeness(key) == wanted:
                del self._left[place]
                return exchange
        return None


class RecordedClient:
    """Answers each request with the outcome of the recorded one.

    *endpoints* are those of the record, without their secrets; *secrets* the names that a caller may use.
    """

    def __init__(
        self,
        *,
        endpoints: Mapping[str, Endpoint],
        secrets: Mapping[str, frozenset[str]],
        limits: ClientLimits,
        exchanges: Sequence[Exchange],
        now: Callable[[], float],
    ) -> None:
        self._endpoints = dict(endpoints)
        self._secrets = {
            name: GuardedSecret(secret=Secret(name, f"recorded-{name}"), endpoints=places)
            for name, places in secrets.items()
        }
        self._limits = limits
        self._record = Record(exchanges)
        self._now = now
        self._drift: list[Drift] = []

    @property
    def drift(self) -> tuple[Drift, ...]:
        """The requests that were not as recorded; at the end, also those that were not made."""
        gone = [
            Drift(kind="gone", recorded=each.request, made=None, endpoint=each.endpoint)
            for each in self._record.left
        ]
        return (*self._drift, *gone)

    def lost(self, request: OutboundRequest) -> Exchange:
        """Return the recorded exchange that *request* had, like any other."""
        return self._send(request)

    async def send(self, request: OutboundRequest) -> Exchange:
        """Return the recorded exchange that *request* had, or the nearest one, or a failure."""
        return self._send(request)

    async def aclose(self) -> None:
        """Do nothing: nothing is open."""

    def _send(self, request: OutboundRequest) -> Exchange:
        call = Call(request)
        try:
            ready = prepare(
                call,
                endpoints=self._endpoints,
                secrets=self._secrets,
                learn=lambda _secret: None,
                limits=self._limits,
            )
        except CallFailed as failure:
            return self._refused(call, failure)
        made = replace(call.sent, headers=ready.readable(ready.headers))
        return self._answered(call, made)

    def _answered(self, call: Call, made: SentRequest) -> Exchange:
        endpoint = call.request.endpoint
        for likeness in _LIKENESSES:
            found = self._record.take_alike(likeness, endpoint, made)
            if found is None:
                continue
            if likeness is _the_same:
                return found
            self._drift.append(Drift(kind="changed", recorded=found.request, made=made, endpoint=endpoint))
            return replace(found, request=replace(made, headers=_as_sent(found.request, made)))
        self._drift.append(Drift(kind="new", recorded=None, made=made, endpoint=endpoint))
        return self._failed(
            call,
            made,
            TransportFailure(
                cause="connect",
                message=f"Nothing is recorded for {made.method} {made.url}, and a replay calls nobody.",
            ),
        )

    def _refused(self, call: Call, failure: CallFailed) -> Exchange:
        """Return the failure of a request that is refused before it is sent, and was so when recorded."""
        message = failure.message[:1].upper() + failure.message[1:]
        # No headers are known of a request that was refused.
        found = self._record.take_alike(
            lambda each: (each.endpoint, each.method, each.url, each.body), call.request.endpoint, call.sent
        )
        if found is not None:
            return found
        self._drift.append(Drift(kind="new", recorded=None, made=call.sent, endpoint=call.request.endpoint))
        return self._failed(call, call.sent, TransportFailure(cause=failure.cause, message=message))

    def _failed(self, call: Call, made: SentRequest, failure: TransportFailure) -> Exchange:
        return Exchange(
            endpoint=call.request.endpoint,
            sent_as=call.sent_as,
            request=made,
            outcome=failure,
            started=self._now(),
            elapsed_ms=0.0,
        )


def _as_sent(recorded: SentRequest, made: SentRequest) -> Headers:
    """Return the headers that *made* would have been sent with: the client's own are as they were."""
    length = str(len(made.body or b""))
    own = (
        (name, length if name.lower() == "content-length" else value)
        for name, value in recorded.headers
        if name.lower() in _OWN
    )
    return (*own, *made.headers)


def _key(endpoint: str, request: SentRequest) -> _Key:
    own = ((name.lower(), value) for name, value in request.headers)
    return _Key(
        endpoint=endpoint,
        method=request.method,
        url=request.url,
        body=request.body or None,
        headers=frozenset((name, value) for name, value in own if name not in _OWN),
    )
