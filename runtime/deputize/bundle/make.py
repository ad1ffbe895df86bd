"""Makes a bundle of a run: gathers what was kept, takes the secrets out, and looks once more."""

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from typing import Any, Final

from pydantic import JsonValue

from deputize.activity.entries import activity_entry
from deputize.activity.journal import JournalEntry, JournalExchange, JournalHead
from deputize.bundle import har
from deputize.bundle.errors import NotRecorded, SecretInBundle
from deputize.bundle.file import (
    Bundle,
    BundledCall,
    BundledInitiator,
    BundledRun,
    BundledScript,
    Har,
    HarCreator,
    HarLog,
    Replaced,
)
from deputize.bundle.replay import Replayed
from deputize.domain.start import Start
from deputize.domain.stored_run import StoredRun
from deputize.execution.default_script import default_script
from deputize.store import Transaction
from deputize_client import Redactor, Secret

_PRODUCT: Final = "deputize"


async def gather(tx: Transaction, run: StoredRun, *, secrets: Iterable[Secret]) -> Bundle:
    """Return the bundle of *run*, without any of *secrets* and what is told to be one.

    Raises ``NotRecorded`` where no script was started or its record is gone, and ``SecretInBundle`` for a
    secret that stands in the script itself, which cannot be cut out of it.
    """
    head = await tx.journal.head(run.id)
    if head is None:
        raise NotRecorded(
            f"run {run.id} has no journal: it is {run.state}, and its script was never started, or it ran "
            "before journals were kept. There is nothing to replay."
        )
    redactor = Redactor()
    for secret in secrets:
        redactor.register(secret)
    cleaner = _Cleaner(redactor)
    entries = await tx.journal.entries(run.id)
    exchanges: list[JournalExchange] = []
    calls = [_call(each, exchanges) for each in entries]
    activity = [
        activity_entry.validate_python(cleaner.without_known(each, f"/activity/{place}"))
        for place, each in enumerate(await tx.entries.of_run(run.id))
    ]
    bundle = Bundle(
        written_by=version(_PRODUCT),
        run=await _run(tx, run),
        script=await _script(tx, run, head),
        start=Start.model_validate(cleaner.clean(dict(run.start), "/start")),
        head=JournalHead.model_validate(cleaner.clean(head.model_dump(mode="json"), "/head")),
        calls=tuple(calls),
        har=Har(
            log=HarLog(
                creator=HarCreator(name=_PRODUCT, version=version(_PRODUCT)),
                entries=tuple(
                    har.entry_of(cleaner.exchange(each, place)) for place, each in enumerate(exchanges)
                ),
            )
        ),
        activity=tuple(activity),
        result=cleaner.clean(run.result, "/result"),
        error=next((each for each in activity if each.kind == "error"), None),
        redacted=tuple(cleaner.replaced),
    )
    _refuse_known(bundle, redactor)
    return bundle


class _Cleaner:
    """Takes secrets out, and remembers where."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self.replaced: list[Replaced] = []

    def clean(self, value: JsonValue, place: str) -> JsonValue:
        """Return *value* without secrets; *place* is where it stands in the bundle."""
        clean, found = self._redactor.redact_json(value)
        self.replaced += [Replaced(path=place + each.path, why=each.why) for each in found]
        return clean

    def without_known(self, entry: Mapping[str, Any], place: str) -> Mapping[str, Any]:
        """Return *entry*, which was redacted when it was written, without the secrets that are known now."""
        text, found = self._redactor.redact_values(json.dumps(entry, ensure_ascii=False))
        if not found:
            return entry
        self.replaced += [Replaced(path=place, why=each.why) for each in found]
        clean: dict[str, Any] = json.loads(text)
        return clean

    def exchange(self, exchange: JournalExchange, number: int) -> JournalExchange:
        """Return *exchange* without secrets."""
        document = exchange.model_dump(mode="json")
        return JournalExchange.model_validate(self.clean(document, f"/har/log/entries/{number}"))


def accepted(bundle: Bundle, replayed: Replayed, script: BundledScript) -> Bundle:
    """Return *bundle* with what *script* did when it was replayed in the place of what was recorded."""
    exchanges: list[JournalExchange] = []
    calls = tuple(_call(each, exchanges) for each in replayed.calls)
    log = bundle.har.log.model_copy(update={"entries": tuple(map(har.entry_of, exchanges))})
    run = replayed.run
    return bundle.model_copy(
        update={
            "script": script,
            "run": bundle.run.model_copy(update={"state": run.state}),
            "calls": calls,
            "har": Har(log=log),
            "activity": run.activity,
            "result": run.result,
            "error": run.error,
        }
    )


def _call(entry: JournalEntry, exchanges: list[JournalExchange]) -> BundledCall:
    """Return the call of *entry*, and add its exchanges to all of them."""
    first = len(exchanges)
    exchanges += entry.exchanges
    return BundledCall(
        number=entry.number,
        capability=entry.capability,
        method=entry.method,
        line=entry.line,
        now=entry.now,
        exchanges=tuple(range(first, len(exchanges))),
    )


async def _run(tx: Transaction, run: StoredRun) -> BundledRun:
    plan = None if run.plan_id is None else await tx.plans.get(run.plan_id)
    return BundledRun(
        id=run.id,
        name=run.name,
        state=run.state,
        trigger=run.trigger,
        integration_id=run.integration_id,
        plan=None if plan is None else plan.name,
        event_id=run.event_id,
        initiator=BundledInitiator(id=run.initiator.id, name=run.initiator.name, via=run.initiator.via),
        chain=run.chain,
        replay_of=run.replay_of,
        replayed_by=run.replayed_by,
        retry_of=run.retry_of,
        tries=run.tries,
        trace_id=run.trace_id,
        queued=run.queued,
        started=run.started,
        finished=run.finished,
    )


async def _script(tx: Transaction, run: StoredRun, head: JournalHead) -> BundledScript:
    return BundledScript(
        path=run.shown_path,
        sha256=run.script_sha256,
        source=await _source(tx, run.script_sha256, what=f"the script of run {run.id}"),
        libraries={
            name: await _source(tx, sha256, what=f'the shared library "{name}" of run {run.id}')
            for name, sha256 in head.libraries.items()
        },
    )


async def _source(tx: Transaction, sha256: str, *, what: str) -> str:
    default = default_script()
    if sha256 == default.sha256:
        return default.source
    kept = await tx.scripts.of_hash(sha256)
    if kept is None:
        raise NotRecorded(f"{what} is not kept any more: no version of it has the hash {sha256[:12]}….")
    return kept.source


def _refuse_known(bundle: Bundle, redactor: Redactor) -> None:
    """Look at the whole once more, by value: what is known to be a secret must be nowhere in it."""
    texts: Sequence[tuple[str, str]] = [
        ("the script", bundle.script.source),
        *((f'the shared library "{name}"', text) for name, text in bundle.script.libraries.items()),
        ("the bundle", bundle.text()),
    ]
    for where, text in texts:
        _, found = redactor.redact_values(text)
        if found:
            names = ", ".join(sorted({each.why for each in found}))
            raise SecretInBundle(
                f"{where} of run {bundle.run.id} holds the value of {names}: the bundle was not written. "
                f"Take it out of there: scripts name secrets, as in secrets[…], and never hold one."
            )
