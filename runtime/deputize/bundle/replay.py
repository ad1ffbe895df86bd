"""Runs a bundle again: the same script or another, in the sandbox, with every answer from the record.

Theory of operation. It is an ordinary run of the engine, but that nothing in it leads outside: the client
answers from the recorded exchanges, the clock shows the recorded moments (one for each answer) and does not
wait, chance begins with the recorded seed, and the platform is a record too: it says why it refused then, and
issues no credential. So the entries come from the code that wrote the recorded ones, and can be compared.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from deputize.activity.entries import ActivityEntry
from deputize.activity.journal import JournalEntry, JournalExchange, JournalRecord
from deputize.activity.stream import Listener
from deputize.bundle import har
from deputize.bundle.endpoints import recorded_endpoints
from deputize.bundle.file import Bundle
from deputize.domain.decision import Explanation
from deputize.domain.limits import MIB, Limits
from deputize.domain.principal import Principal
from deputize.domain.run import Run
from deputize.domain.standing import Standing
from deputize.execution.engine import Engine
from deputize.execution.journalling import read_back
from deputize.execution.order import FormTarget, Order
from deputize.execution.recorder import PLATFORM
from deputize_client import (
    AccessToken,
    ClientLimits,
    CredentialUnavailable,
    Drift,
    Endpoint,
    Exchange,
    GuardedSecret,
    MissingSecret,
    RecordedClient,
    Secret,
)
from deputize_sandbox import CompiledScript, Sandbox

_NO_CREDENTIAL: Final = "A replay holds no credential."


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A run that was run again, and how its requests differ from the recorded ones."""

    run: Run
    drift: tuple[Drift, ...]
    #: What a journal of it would have.
    calls: tuple[JournalEntry, ...]


async def replay(
    bundle: Bundle, script: CompiledScript, *, sandbox: Sandbox, listener: Listener | None = None
) -> Replayed:
    """Run *script* on what *bundle* has recorded; reach nothing."""
    exchanges = [har.exchange_of(each) for each in bundle.har.log.entries]
    clock = _RecordedClock(bundle.head.now, [each.now for each in bundle.calls])
    limits = Limits.model_validate(bundle.head.limits)
    everything = recorded_endpoints(bundle)
    endpoints = {name: each for name, each in everything.items() if name != PLATFORM}
    secrets = {name: frozenset(places) for name, places in bundle.head.secrets.items()}
    client = RecordedClient(
        endpoints=everything,
        secrets=secrets,
        limits=ClientLimits(
            total_seconds=limits.call_seconds,
            request_bytes=int(limits.request_mb * MIB),
            response_bytes=int(limits.response_mb * MIB),
        ),
        exchanges=[read_back(each) for each in exchanges],
        now=lambda: clock.present().timestamp(),
    )
    engine = Engine(
        sandbox=sandbox,
        platform=_RecordedPlatform(everything[PLATFORM].base_url, exchanges),
        tokens=_NoTokens(),
        clock=clock.present,
        client=client,
        script_clock=clock.answer,
        sleep=clock.sleep,
        tells_repeated_posts=everything[PLATFORM].knows_idempotency_keys,
    )
    keeper = _Calls()
    run = await engine.execute(
        _order(bundle, script, limits, endpoints, secrets), listener=listener, keeper=keeper
    )
    return Replayed(run=run, drift=client.drift, calls=tuple(keeper.calls))


def _order(
    bundle: Bundle,
    script: CompiledScript,
    limits: Limits,
    endpoints: Mapping[str, Endpoint],
    secrets: Mapping[str, frozenset[str]],
) -> Order:
    recorded, form = bundle.run, bundle.head.form
    return Order(
        run_id=recorded.id,
        name=recorded.name,
        script=script,
        start=bundle.start,
        principal=Principal(
            id=recorded.initiator.id, name=recorded.initiator.name, via=recorded.initiator.via
        ),
        limits=limits,
        endpoints=endpoints,
        stand_ins=frozenset(bundle.head.stand_ins),
        constants=bundle.head.constants,
        # The names alone: a reference stands for what is not here.
        secrets={
            name: GuardedSecret(secret=MissingSecret(name=name, setting=_NO_CREDENTIAL), endpoints=places)
            for name, places in secrets.items()
        },
        form=None if form is None else FormTarget(**form),
        integration_id=recorded.integration_id or "",
        chain=recorded.chain,
        replay_of=recorded.replay_of,
        replayed_by=recorded.replayed_by,
        retry_of=recorded.retry_of,
        tries=recorded.tries,
        trace_id=recorded.trace_id,
        seed=bundle.head.seed,
    )


class _Calls:
    """Implements ``Keeper`` for a run that nobody keeps: it remembers the calls."""

    def __init__(self) -> None:
        self.calls: list[JournalEntry] = []

    @property
    def durable(self) -> bool:
        return False

    async def require_held(self) -> None:
        """Do nothing: nobody takes it over."""

    async def write(self, entries: Sequence[ActivityEntry], journal: Sequence[JournalRecord]) -> None:
        self.calls += [each for each in journal if isinstance(each, JournalEntry)]

    async def finish(
        self, run: Run, entries: Sequence[ActivityEntry], journal: Sequence[JournalRecord]
    ) -> None:
        await self.write(entries, journal)


class _RecordedClock:
    """Shows the recorded moments, one for each answer; beyond them it goes on as the script sleeps."""

    def __init__(self, began: datetime, answers: Iterable[datetime]) -> None:
        self._now = began
        self._answers = iter(answers)

    def present(self) -> datetime:
        """Return the moment that the run is at."""
        return self._now

    def answer(self) -> datetime:
        """Return the moment of the next answer, and be at it."""
        # Not the later one of the two: while it slept the recorded clock may have stood still, or gone back.
        self._now = next(self._answers, self._now)
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Wait for nothing; the moment of the answer tells that time has passed."""
        self._now += timedelta(seconds=seconds)


class _RecordedPlatform:
    """Implements ``Platform`` from what it said then."""

    def __init__(self, base_url: str, exchanges: Iterable[JournalExchange]) -> None:
        self.base_url = base_url
        self.admitted: frozenset[tuple[str, int]] = frozenset()
        self._explained = {
            (each.started, each.request.url): each.explain for each in exchanges if each.explain is not None
        }

    async def principal(self, name: str, *, via: str) -> Principal | None:
        return None

    async def standing(self, principal: Principal) -> Standing | None:
        return None

    def credentials_for(self, principal: Principal, *, run_id: str) -> "_NoCredentials":
        return _NoCredentials()

    async def end_run(self, run_id: str) -> None:
        return None

    async def explain(self, exchange: Exchange) -> Explanation | None:
        explain = self._explained.get((exchange.started, exchange.request.url))
        if explain is None:
            return None
        return Explanation(
            initiator=explain.initiator,
            needs=explain.needs,
            would_pass=explain.would_pass,
            source=explain.source,
        )

    async def people_names(self) -> list[str]:
        return []


class _NoCredentials:
    async def credential(self, endpoint: Endpoint) -> CredentialUnavailable:
        return CredentialUnavailable(_NO_CREDENTIAL)


class _NoTokens:
    async def token(self, endpoint: Endpoint) -> AccessToken | CredentialUnavailable:
        return CredentialUnavailable(_NO_CREDENTIAL)

    def discard(self, endpoint: Endpoint, token: Secret) -> None:
        return None
