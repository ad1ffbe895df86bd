"""Judges each call of a run as another person's as well, beside the run and never in its way.

Theory of operation. A read is sent a second time once the first answer is there: the script has that
answer and goes on, while the second is on its way. A write is judged before it is sent, for afterwards the
platform is another: the second creation of a thing is a conflict. It also waits for the reads that are
under way, which would else see what it has changed. What a script waits for in this way is bounded for the
whole run; beyond it nothing is waited for, and the verdict is "unknown". A fault in here is logged, and is
"unknown" as well. Nothing of this stands in the run's activity stream: it tells what the initiator did.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from deputize.activity.faults import log_fault
from deputize.domain.decision import Denial, Explanation
from deputize.domain.legacy import ShadowFinding
from deputize.domain.principal import Principal
from deputize.execution.recorder import PLATFORM
from deputize.execution.shadow.comparison import SAME, Judgement, compare, differing_status, unknown
from deputize.execution.shadow.planning import planned
from deputize.execution.shadow.tally import Tally
from deputize.platform.interface import Foreseen, Foresight, Platform
from deputize_client import (
    BoundClient,
    CredentialMissing,
    Exchange,
    OutboundRequest,
    ReceivedResponse,
    TransportFailure,
)

_READS: Final = frozenset({"GET", "HEAD"})
_REFUSED: Final = frozenset({401, 403})
#: Calls of the shadow that are under way at once.
_AT_ONCE: Final = 2
#: Seconds that one judgement may take, and that a script waits for all of them together.
_ONE_SECONDS: Final = 3.0
_ALL_SECONDS: Final = 6.0


class ShadowObserver:
    """Implements ``Observer`` for one run."""

    def __init__(
        self,
        *,
        run_id: str,
        principal: Principal,
        initiator: Principal,
        client: BoundClient,
        platform: Platform,
        foresight: Foresight | None,
        tally: Tally,
        keep: Callable[[list[ShadowFinding]], Awaitable[None]],
    ) -> None:
        """Judge the calls of *initiator* as those of *principal*, whose calls *client* makes."""
        self._run_id = run_id
        self._principal = principal
        self._initiator = initiator
        self._client = client
        self._platform = platform
        self._foresight = foresight
        self._tally = tally
        self._keep = keep
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._reading: set[asyncio.Task[None]] = set()
        self._left = _ALL_SECONDS

    async def begin(self, request: OutboundRequest, *, line: int | None) -> "_Unwatched | _Read | _Write":
        """Return the call to be looked at; a write has been judged when this returns."""
        if request.endpoint != PLATFORM:
            return _Unwatched()
        if request.method.upper() in _READS:
            return _Read(self, request, line)
        return _Write(self, line, await self._foreseen(request))

    async def close(self) -> None:
        """Wait a while for what is under way, and keep what was found."""
        try:
            if self._reading:
                await asyncio.wait(self._reading, timeout=_ONE_SECONDS)
            for task in self._reading:
                task.cancel()
            if self._reading:
                await asyncio.wait(self._reading)
            async with asyncio.timeout(_ONE_SECONDS):
                if self._tally.findings:
                    await self._keep(self._tally.findings)
        except Exception as error:
            log_fault("shadow.not_kept", error, run=self._run_id)
        finally:
            await self._client.aclose()

    def read_again(self, request: OutboundRequest, exchange: Exchange, line: int | None) -> None:
        """Send a read that was answered once more, for the other person, while the script goes on."""
        task = asyncio.create_task(self._read_again(request, exchange, line))
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    def count(self, judgement: Judgement, exchange: Exchange, line: int | None) -> None:
        """Count what was found about a call."""
        sent = exchange.request
        self._tally.add(judgement, method=sent.method, url=sent.url, line=line)

    async def _read_again(self, request: OutboundRequest, exchange: Exchange, line: int | None) -> None:
        judgement = unknown("it took too long")
        try:
            async with self._slots, asyncio.timeout(_ONE_SECONDS):
                judgement = await self._judged(exchange, await self._client.send(request))
        except TimeoutError:
            pass
        except Exception as error:
            log_fault("shadow.fault", error, run=self._run_id)
            judgement = unknown("a fault of Deputize; its log has the details")
        finally:
            self.count(judgement, exchange, line)

    async def _judged(self, now: Exchange, then: Exchange) -> Judgement:
        match then.outcome:
            case TransportFailure(cause=cause):
                return unknown(f"it brought no answer: {cause}")
            case CredentialMissing(reason=reason):
                status = _status(now)
                return SAME if status in _REFUSED else _refused(None, why=reason)
            case received if received.status_code in _REFUSED and _status(now) not in _REFUSED:
                return _refused(await self._platform.explain(then))
            case received:
                before = now.outcome
                if isinstance(before, ReceivedResponse):
                    return compare(before, received)
                return differing_status(_status(now), received.status_code)

    async def _foreseen(self, request: OutboundRequest) -> "_Expected":
        """Return what would become of a write, within the time that is left."""
        if self._foresight is None:
            return _Expected(why="this platform does not say what would become of a request")
        began = time.monotonic()
        try:
            async with asyncio.timeout(min(_ONE_SECONDS, self._left)):
                if self._reading:
                    await asyncio.wait(self._reading)
                return await self._expected(self._foresight, request)
        except TimeoutError:
            return _Expected(why="it took too long")
        except Exception as error:
            log_fault("shadow.fault", error, run=self._run_id)
            return _Expected(why="a fault of Deputize; its log has the details")
        finally:
            self._left = max(0.0, self._left - (time.monotonic() - began))

    async def _expected(self, foresight: Foresight, request: OutboundRequest) -> "_Expected":
        asked = planned(request, run_id=self._run_id)
        foreseen = await foresight.would(self._principal, asked)
        if foreseen is None:
            return _Expected(why="the platform does not know this request")
        left_out = frozenset(foreseen.left_out)
        if left_out:
            # Whom the present initiator does not reach either is no loss.
            present = await foresight.would(self._initiator, asked)
            left_out -= frozenset() if present is None else frozenset(present.left_out)
        return _Expected(foreseen=foreseen, lost=len(left_out))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Expected:
    """What would become of a write; without *foreseen* nobody knows, and *why* says so."""

    foreseen: Foreseen | None = None
    why: str = ""
    #: Recipients whom the event would not reach any more.
    lost: int = 0


class _Unwatched:
    """A call to somewhere else, where the initiator is not known."""

    def ended(self, exchange: Exchange) -> None:
        """Nothing is judged."""


class _Read:
    def __init__(self, observer: ShadowObserver, request: OutboundRequest, line: int | None) -> None:
        self._observer = observer
        self._request = request
        self._line = line

    def ended(self, exchange: Exchange) -> None:
        """Have it sent once more."""
        if isinstance(exchange.outcome, TransportFailure):
            self._observer.count(unknown("the call itself brought no answer"), exchange, self._line)
        else:
            self._observer.read_again(self._request, exchange, self._line)


class _Write:
    def __init__(self, observer: ShadowObserver, line: int | None, expected: _Expected) -> None:
        self._observer = observer
        self._line = line
        self._expected = expected

    def ended(self, exchange: Exchange) -> None:
        """Compare what came of it with what was foreseen for the other person."""
        self._observer.count(self._judgement(exchange), exchange, self._line)

    def _judgement(self, exchange: Exchange) -> Judgement:
        foreseen = self._expected.foreseen
        if foreseen is None:
            return unknown(self._expected.why)
        if isinstance(exchange.outcome, TransportFailure):
            return unknown("the call itself brought no answer")
        now = _status(exchange)
        if foreseen.status_code in _REFUSED and now not in _REFUSED:
            return _refused(foreseen.denial)
        if foreseen.status_code != now:
            return differing_status(now, foreseen.status_code)
        if self._expected.lost:
            lost: dict[str, JsonValue] = {"at": "/recipients", "lost": self._expected.lost}
            return Judgement(verdict="shorter", detail={"shorter": [lost]})
        return SAME


def _status(exchange: Exchange) -> int:
    """Return the status that the script was told; no credential is a 401 to it."""
    return exchange.outcome.status_code if isinstance(exchange.outcome, ReceivedResponse) else 401


def _refused(reason: Explanation | Denial | None, *, why: str | None = None) -> Judgement:
    detail: dict[str, JsonValue] = {} if why is None else {"why": why}
    if reason is not None:
        detail |= {"needs": list(reason.needs), "would_pass": list(reason.would_pass)}
    return Judgement(verdict="refused", detail=detail)
