"""One run from its start to the end of its stream."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from deputize.activity.entries import (
    ErrorEntry,
    InboundRequest,
    Initiator,
    LimitHit,
    ResultEntry,
    RunFinished,
    RunStarted,
    Script,
)
from deputize.activity.stream import ActivityStream, Listener
from deputize.domain.limits import MIB, Limits
from deputize.domain.principal import Principal
from deputize.domain.run import Run, RunState, RunUsage
from deputize.domain.start import Start
from deputize.execution.broker import Broker
from deputize.execution.budget import SETTING, Budget
from deputize.execution.capabilities.clock import ClockCapability
from deputize.execution.capabilities.http import HttpCapability
from deputize.execution.capabilities.log import LogCapability
from deputize.execution.parameters import parameters, provided_for
from deputize.execution.recorder import ExchangeRecorder
from deputize.platform.interface import Platform
from deputize_client import BoundClient, ClientLimits, Endpoint, Redactor
from deputize_sandbox import (
    CompiledScript,
    Crashed,
    Faulted,
    Outcome,
    OverLimit,
    Returned,
    Sandbox,
    SandboxLimits,
)

EndState = Literal["COMPLETED", "FAILED", "CANCELED"]


class RedactorFactory(Protocol):
    """Makes the redactor of one run, which knows every stored secret."""

    def __call__(self) -> Redactor:
        """Return a new redactor."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be run, for whom, and with what."""

    run_id: str
    name: str
    script: CompiledScript
    start: Start
    principal: Principal
    constants: Mapping[str, str]


class Engine:
    """Runs scripts: composes the sandbox with the client that is bound to the initiator."""

    def __init__(
        self,
        *,
        sandbox: Sandbox,
        platform: Platform,
        endpoints: Mapping[str, Endpoint],
        stand_ins: frozenset[str],
        limits: Limits,
        redactor: RedactorFactory,
        clock: Callable[[], datetime],
    ) -> None:
        self._sandbox = sandbox
        self._platform = platform
        self._endpoints = endpoints
        self._stand_ins = stand_ins
        self._limits = limits
        self._redactor = redactor
        self._clock = clock

    async def execute(self, order: Order, *, listener: Listener | None = None) -> Run:
        """Run *order* to its end and return it; whatever the script does is in the returned run.

        *listener* is called with each entry as it is written. Only faults of this product raise.
        """
        redactor = self._redactor()
        stream = ActivityStream(
            run=order.run_id,
            initiator=Initiator(id=order.principal.id, via=order.principal.via),
            script=Script(name=order.name, sha256=order.script.sha256),
            redactor=redactor,
            clock=self._clock,
            listener=listener,
        )
        client = BoundClient(
            endpoints=self._endpoints,
            credentials=self._platform.credentials_for(order.principal, run_id=order.run_id),
            limits=ClientLimits(
                total_seconds=self._limits.call_seconds,
                request_bytes=int(self._limits.request_mb * MIB),
                response_bytes=int(self._limits.response_mb * MIB),
            ),
            redactor=redactor,
        )
        budget = Budget(self._limits)
        recorder = ExchangeRecorder(
            stream=stream,
            explain=self._platform.explain,
            stand_ins=self._stand_ins,
            body_bytes=self._limits.body_bytes,
        )
        http = HttpCapability(client=client, recorder=recorder, budget=budget)
        broker = Broker(
            capabilities={
                "http": http,
                "clock": ClockCapability(clock=self._clock, budget=budget),
            },
            log=LogCapability(stream=stream, budget=budget),
        )
        self._write_start(stream, order.start)
        began = time.monotonic()
        try:
            outcome = await self._sandbox.run(
                order.script,
                provide=provided_for(
                    order.script,
                    parameters(start=order.start, principal=order.principal, constants=order.constants),
                ),
                handler=broker,
                limits=SandboxLimits(
                    wall_seconds=self._limits.wall_seconds,
                    cpu_seconds=self._limits.cpu_seconds,
                    memory_mb=self._limits.memory_mb,
                ),
            )
        finally:
            await client.aclose()
            await self._platform.end_run(order.run_id)
        wall_ms = (time.monotonic() - began) * 1000
        state = _write_outcome(stream, order.script, outcome)
        usage = RunUsage(
            wall_ms=round(wall_ms, 3),
            cpu_ms=round(outcome.usage.cpu_seconds * 1000, 3),
            http_ms=round(http.waited_ms, 3),
            max_rss_kb=outcome.usage.max_rss_kb,
            calls=budget.calls,
            refusals=recorder.refusals,
        )
        stream.append(
            RunFinished,
            level="info" if state == "COMPLETED" else "error",
            state=state,
            calls=usage.calls,
            refusals=usage.refusals,
            wall_ms=usage.wall_ms,
            http_ms=usage.http_ms,
            script_ms=round(max(wall_ms - http.waited_ms, 0.0), 3),
        )
        entries = stream.entries
        return Run(
            id=order.run_id,
            state=RunState(state),
            result=outcome.value if isinstance(outcome, Returned) else None,
            error=next((entry for entry in entries if isinstance(entry, ErrorEntry)), None),
            script=Script(name=order.name, sha256=order.script.sha256),
            initiator=Initiator(id=order.principal.id, via=order.principal.via),
            activity=entries,
            usage=usage,
        )

    def _write_start(self, stream: ActivityStream, start: Start) -> None:
        layers = [layer.name for layer in self._sandbox.report.layers if layer.ok]
        stream.append(RunStarted, trigger=start.trigger, jail=list(layers))
        stream.append(
            InboundRequest,
            keep={"/body": self._limits.body_bytes},
            method=start.method,
            headers=dict(start.headers),
            body=start.payload,
        )


def _write_outcome(stream: ActivityStream, script: CompiledScript, outcome: Outcome) -> EndState:
    """Write the entry that says how the script ended, and return the run's state."""
    match outcome:
        case Returned(value=value):
            stream.append(ResultEntry, value=value)
            return "COMPLETED"
        case OverLimit(limit=limit, value=value):
            setting = SETTING.get(limit, "none; it is fixed")
            stream.append(
                LimitHit,
                limit=limit,
                value=value,
                setting=setting,
                message=f"Stopped at {limit} = {value:g}. To allow more, raise {setting} in deputize.toml.",
            )
            return "CANCELED"
        case Faulted():
            lines = script.source.splitlines()
            stream.append(
                ErrorEntry,
                line=outcome.traceback[-1].line if outcome.traceback else None,
                code="SCRIPT_RAISED",
                type=outcome.type,
                message=outcome.message,
                traceback=[
                    {
                        "line": frame.line,
                        "function": frame.function,
                        "text": lines[frame.line - 1].strip() if 0 < frame.line <= len(lines) else "",
                    }
                    for frame in outcome.traceback
                ],
            )
            return "FAILED"
        case Crashed(code=code, detail=detail):
            stream.append(ErrorEntry, code=code, type="Crashed", message=detail)
            return "FAILED"
