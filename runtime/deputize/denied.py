"""What was understood and refused: a run without a guest, whose one entry says why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import JsonValue

from deputize.activity.entries import Initiator, RunDenied, Script
from deputize.activity.stream import ActivityStream
from deputize.domain.chain import ChainRefused
from deputize.domain.decision import Denial, Explanation
from deputize.domain.stored_run import StoredRun
from deputize.store import Transaction
from deputize_client import Redactor

#: For want of a right: of who called, of who had a run replayed, of whom a schedule runs as.
NotPermittedCode: TypeAlias = Literal[
    "INBOUND_NOT_PERMITTED", "REPLAY_NOT_PERMITTED", "SCHEDULE_NOT_PERMITTED"
]
RefusalCode: TypeAlias = NotPermittedCode | Literal["CHAIN_TOO_DEEP", "CHAIN_CYCLE"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a run was not started: ``reason`` is a sentence for a person."""

    code: RefusalCode
    reason: str
    needs: tuple[str, ...] = ()
    would_pass: tuple[str, ...] = ()

    @property
    def told(self) -> Literal["NOT_PERMITTED", "CHAIN_TOO_DEEP", "CHAIN_CYCLE"]:
        """The code of the answer to whoever asked."""
        match self.code:
            case "CHAIN_TOO_DEEP" | "CHAIN_CYCLE":
                return self.code
            case _:
                return "NOT_PERMITTED"

    @classmethod
    def of(
        cls, why: Denial | ChainRefused, *, not_permitted: NotPermittedCode = "INBOUND_NOT_PERMITTED"
    ) -> "Refusal":
        """Return a decision, or the end of a chain, as a refusal; *not_permitted* is the code of a denial."""
        if isinstance(why, ChainRefused):
            return cls(code=why.code, reason=why.reason)
        return cls(
            code=not_permitted,
            reason=why.reason,
            needs=why.needs,
            would_pass=why.would_pass,
        )


def explanation_of(run: StoredRun, refusal: Refusal) -> Explanation | None:
    """Return what the initiator of *run* lacked; None where it was no right."""
    if not refusal.needs:
        return None
    return Explanation(
        initiator=run.initiator.id,
        needs=refusal.needs,
        would_pass=refusal.would_pass,
        source="deputize",
    )


async def keep_denied(
    store: Transaction, run: StoredRun, refusal: Refusal, *, clock: Callable[[], datetime]
) -> None:
    """Keep *run*, which is DENIED, with the entry that says why."""
    explanation = explanation_of(run, refusal)
    stream = ActivityStream(
        run=run.id,
        initiator=Initiator(id=run.initiator.id, via=run.initiator.via),
        script=Script(name=run.name, sha256=run.script_sha256),
        redactor=Redactor(),
        clock=clock,
        trace_id=run.trace_id,
    )
    entry = stream.append(
        RunDenied,
        trigger=run.trigger,
        schedule=run.schedule,
        code=refusal.code,
        reason=refusal.reason,
        explain=None if explanation is None else _explained(explanation),
        legacy=run.legacy,
        replay_of=run.replay_of,
        replayed_by=run.replayed_by,
    )
    await store.runs.add(run)
    await store.entries.append(run.id, [entry.model_dump(mode="json")])


def _explained(explanation: Explanation) -> JsonValue:
    return {
        "initiator": explanation.initiator,
        "needs": list(explanation.needs),
        "would_pass": list(explanation.would_pass),
        "source": explanation.source,
    }
