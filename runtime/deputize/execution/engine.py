"""One run from its start to the end of its stream."""

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from pydantic import JsonValue

from deputize.activity.entries import (
    ErrorEntry,
    InboundRequest,
    Initiator,
    RunFinished,
    RunResumed,
    RunStarted,
    Script,
)
from deputize.activity.faults import log_fault
from deputize.activity.stream import ActivityStream, Listener
from deputize.activity.truncation import pointer
from deputize.domain.limits import MIB, Limits
from deputize.domain.run import Run, RunState, RunUsage
from deputize.execution.broker import Broker, Capability
from deputize.execution.budget import Budget
from deputize.execution.capabilities.clock import ClockCapability, Sleep
from deputize.execution.capabilities.form import FormCapability
from deputize.execution.capabilities.http import HttpCapability
from deputize.execution.capabilities.log import LogCapability
from deputize.execution.guests import Guests
from deputize.execution.journalling import head_of
from deputize.execution.keeper import Keeper
from deputize.execution.order import Order
from deputize.execution.outcomes import write_outcome
from deputize.execution.parameters import parameters, provided_for
from deputize.execution.recall import Recall
from deputize.execution.recorder import PLATFORM, ExchangeRecorder
from deputize.execution.sender import Sender
from deputize.platform.interface import Platform
from deputize_client import (
    AccessTokens,
    AsInitiator,
    BeforeSending,
    BoundClient,
    Client,
    ClientLimits,
    CredentialSource,
    Endpoint,
    GuardedSecret,
    Redactor,
    Secret,
    TransportFor,
)
from deputize_sandbox import Faulted, Outcome, OverLimit, Returned, SandboxLimits, Usage

_SEED_BYTES = 16
#: Seconds that an attempt has at least, however long the others took.
_CATCH_UP_SECONDS = 5.0
#: How long a run that is cut off waits for its entries to be kept.
_LAST_WRITE_SECONDS = 2.0


class ClientMaker(Protocol):
    """Makes the client of a run; what it is given is as for ``BoundClient``."""

    def __call__(
        self,
        *,
        endpoints: Mapping[str, Endpoint],
        credentials: CredentialSource,
        secrets: Mapping[str, GuardedSecret],
        tokens: AccessTokens,
        limits: ClientLimits,
        redactor: Redactor,
        transport: TransportFor | None,
        before_sending: BeforeSending | None,
    ) -> Client:
        """Return the client, which the run closes."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """Runs scripts: composes the sandbox with a client that is bound to the initiator.

    Holds nothing of any run. *tokens* are those of service accounts, which all runs share. *transport*
    may replace the network for an endpoint, *client* all calls of a run, and *make_client* what makes them.
    *clock* tells the time of
    entries; *script_clock*, if it is another, what scripts take for the time, asked once for each answer.
    """

    sandbox: Guests
    platform: Platform
    tokens: AccessTokens
    clock: Callable[[], datetime]
    transport: TransportFor | None = None
    client: Client | None = None
    make_client: ClientMaker = BoundClient
    script_clock: Callable[[], datetime] | None = None
    sleep: Sleep = asyncio.sleep
    #: Whether the platform tells a form that is posted again by its ``Idempotency-Key``.
    tells_repeated_posts: bool = False

    async def execute(
        self, order: Order, *, listener: Listener | None = None, keeper: Keeper | None = None
    ) -> Run:
        """Run *order* to its end and return it; whatever the script does is in the returned run.

        *listener* is called with each entry as it is written. Before an answer reaches the script, its
        entries are kept by *keeper*; when this returns, the end is. Only faults of this product raise;
        what had been written by then is kept.
        """
        running = _Running(order, self, listener=listener, keeper=keeper)
        try:
            outcome, wall_ms = await running.script_run()
            run = running.ended(outcome, await outcome.usage, wall_ms)
        except BaseException as error:
            if isinstance(error, Exception):
                running.write_broken_off()
            # Whoever ends the run now goes on from what is durable, and does not wait for ever.
            with suppress(Exception):
                async with asyncio.timeout(_LAST_WRITE_SECONDS):
                    await running.stream.flush()
            raise
        if keeper is not None:
            await running.stream.settle()
            await keeper.finish(run, running.stream.pending, running.stream.unrecorded)
        return run


class _Running:
    """The parts that one run has for itself."""

    def __init__(
        self, order: Order, engine: Engine, *, listener: Listener | None, keeper: Keeper | None
    ) -> None:
        self._order = order
        self._engine = engine
        platform = engine.platform
        redactor = _redactor(order)
        self._platform = _platform_endpoint(platform, tells_repeated_posts=engine.tells_repeated_posts)
        self._initiator = Initiator(id=order.principal.id, via=order.principal.via)
        self._script = Script(name=order.name, sha256=order.script.sha256)
        self.stream = ActivityStream(
            run=order.run_id,
            initiator=self._initiator,
            script=self._script,
            redactor=redactor,
            clock=engine.clock,
            trace_id=order.trace_id,
            after=0 if order.past is None else order.past.last_seq,
            listener=listener,
            sink=keeper,
        )
        self._recall = Recall(order.past)
        self._client: Client = engine.client or engine.make_client(
            endpoints={**order.endpoints, PLATFORM: self._platform},
            credentials=platform.credentials_for(order.principal, run_id=order.run_id),
            secrets=order.secrets,
            tokens=engine.tokens,
            limits=ClientLimits(
                total_seconds=order.limits.call_seconds,
                request_bytes=int(order.limits.request_mb * MIB),
                response_bytes=int(order.limits.response_mb * MIB),
            ),
            redactor=redactor,
            transport=engine.transport,
            before_sending=keeper.require_held if keeper is not None and keeper.durable else None,
        )
        self._budget = Budget(order.limits)
        self._recorder = ExchangeRecorder(
            stream=self.stream,
            explain=platform.explain,
            stand_ins=order.stand_ins,
            body_bytes=order.limits.body_bytes,
        )
        self._sender = Sender(
            run=order.run_id,
            client=self._client,
            recorder=self._recorder,
            stream=self.stream,
            recall=self._recall,
            redactor=redactor,
            idempotent=frozenset(
                each.name for each in order.endpoints.values() if each.knows_idempotency_keys
            ),
            durable=keeper is not None and keeper.durable,
            observer=order.observer,
        )
        self._script_clock = engine.script_clock or engine.clock
        self._seed = order.seed or os.urandom(_SEED_BYTES).hex()
        self._began = engine.clock() if order.past is None else order.past.head.now

    async def script_run(self) -> tuple[Outcome, float]:
        """Write the start, run the script, and return how it ended and the milliseconds that took."""
        order, limits = self._order, self._order.limits
        self._write_start()
        began = time.monotonic()
        try:
            async with self.stream.kept_current():
                outcome = await self._engine.sandbox.run(
                    order.script,
                    provide=provided_for(order.script, parameters(order)),
                    handler=self._broker(),
                    limits=SandboxLimits(
                        wall_seconds=self._wall_seconds,
                        cpu_seconds=limits.cpu_seconds,
                        memory_mb=limits.memory_mb,
                        result_bytes=limits.result_bytes,
                        recursion=limits.recursion,
                        message_bytes=_message_bytes(limits),
                    ),
                    seed=self._seed,
                    now=self._began,
                )
            wall_ms = (time.monotonic() - began) * 1000
            if isinstance(outcome, OverLimit) and outcome.limit == "wall_seconds":
                outcome = replace(outcome, value=limits.wall_seconds)
            if isinstance(outcome, Returned | Faulted):
                self._recall.require_nothing_left()
            self.write_broken_off()
        finally:
            try:
                if order.observer is not None:
                    await order.observer.close()
            finally:
                await self._client.aclose()
                await self._revoke()
        return outcome, wall_ms

    @property
    def _wall_seconds(self) -> float:
        """What is left of the limit, which all attempts have together, and in any case enough to catch up."""
        limit, past = self._order.limits.wall_seconds, self._order.past
        return limit if past is None else max(limit - past.worked_seconds, min(limit, _CATCH_UP_SECONDS))

    def write_broken_off(self) -> None:
        """Write which calls the end of the run has broken off."""
        self._sender.write_broken_off()

    async def _revoke(self) -> None:
        """Have the credential revoked; one that cannot be ends by itself, and is no fault of the run."""
        try:
            await self._engine.platform.end_run(self._order.run_id)
        except Exception as error:
            log_fault("run.credential_not_revoked", error, run=self._order.run_id)

    def ended(self, outcome: Outcome, used: Usage, wall_ms: float) -> Run:
        """Write the end and return the run."""
        state = write_outcome(self.stream, self._order.script, outcome)
        waited_ms = self._sender.waited_ms
        usage = RunUsage(
            wall_ms=round(wall_ms, 3),
            cpu_ms=round(used.cpu_seconds * 1000, 3),
            http_ms=round(waited_ms, 3),
            max_rss_kb=used.max_rss_kb,
            calls=self._budget.calls,
            refusals=self._recorder.refusals,
        )
        self.stream.append(
            RunFinished,
            level="info" if state == "COMPLETED" else "error",
            state=state,
            calls=usage.calls,
            refusals=usage.refusals,
            wall_ms=usage.wall_ms,
            http_ms=usage.http_ms,
            script_ms=round(max(wall_ms - waited_ms, 0.0), 3),
        )
        entries = self.stream.entries
        return Run(
            id=self._order.run_id,
            state=RunState(state),
            result=outcome.value if isinstance(outcome, Returned) else None,
            error=next((entry for entry in entries if isinstance(entry, ErrorEntry)), None),
            script=self._script,
            initiator=self._initiator,
            activity=entries,
            usage=usage,
        )

    def _broker(self) -> Broker:
        order = self._order
        capabilities: dict[str, Capability] = {
            "http": HttpCapability(sender=self._sender, budget=self._budget),
            "clock": ClockCapability(
                clock=lambda: self._recall.now(self._script_clock),
                sleep=self._recall.sleep(self._engine.sleep, clock=self._script_clock),
                budget=self._budget,
            ),
        }
        if order.form is not None:
            capabilities["form"] = FormCapability(
                target=order.form,
                run_id=order.run_id,
                integration_id=order.integration_id,
                sender=self._sender,
                stream=self.stream,
                budget=self._budget,
                idempotent=self._platform.knows_idempotency_keys,
            )
        return Broker(
            capabilities=capabilities,
            log=LogCapability(stream=self.stream, budget=self._budget, recall=self._recall),
            sender=self._sender,
            stream=self.stream,
            recall=self._recall,
            clock=self._script_clock,
        )

    def _write_start(self) -> None:
        order, report = self._order, self._engine.sandbox.report
        tier, jail = report.tier.value, [layer.name for layer in report.layers if layer.ok]
        if order.past is not None:
            attempt = order.past.attempt
            told = sum(each.outcome is not None for each in order.past.calls.values())
            self.stream.append(
                RunResumed,
                attempt=attempt.number,
                worker=attempt.worker,
                answered=told,
                tier=tier,
                jail=list[JsonValue](jail),
            )
            return
        self.stream.record(head_of(order, self._platform, seed=self._seed, now=self._began))
        self.stream.append(
            RunStarted,
            trigger=order.start.trigger,
            schedule=order.start.schedule,
            tier=tier,
            jail=list[JsonValue](jail),
            chain=list(order.chain),
            legacy=order.principal.legacy,
            replay_of=order.replay_of,
            replayed_by=order.replayed_by,
            retry_of=order.retry_of,
            tries=order.tries,
        )
        start = order.start
        pointers = [pointer("parameters", name) for name in start.parameters]
        self.stream.append(
            InboundRequest,
            keep=dict.fromkeys(("/body", *pointers), order.limits.body_bytes),
            method=start.method,
            headers=dict(start.headers),
            parameters=dict(start.parameters),
            remote_address=start.remote_address,
            body=start.body,
        )


def _message_bytes(limits: Limits) -> int:
    """Return how long a message of the guest may be: a request's body as JSON takes more than its bytes."""
    return max(SandboxLimits().message_bytes, 2 * int(limits.request_mb * MIB) + MIB)


def _platform_endpoint(platform: Platform, *, tells_repeated_posts: bool) -> Endpoint:
    """Return what the endpoint name ``platform`` stands for, in every run."""
    return Endpoint(
        name=PLATFORM,
        base_url=platform.base_url,
        authentication=AsInitiator(),
        admitted=platform.admitted,
        knows_idempotency_keys=tells_repeated_posts,
    )


def _redactor(order: Order) -> Redactor:
    """Return the redactor of one run, which knows every secret that the run could meet."""
    redactor = Redactor()
    for endpoint in order.endpoints.values():
        for secret in endpoint.secrets():
            redactor.register(secret)
    for guarded in order.secrets.values():
        if isinstance(guarded.secret, Secret):
            redactor.register(guarded.secret)
    return redactor
