"""Makes runs of schedules whose time has come: each due time becomes one, whoever else looks.

Theory of operation. A schedule stands in the database with its next due time. One transaction moves it on
from exactly that time and keeps the run and its job; whoever comes second finds it moved, and keeps
nothing. So any number of processes may look. Due times that came while nobody looked become one run
together, the latest, which tells how many others there were. About the run it is decided as about a request
of its user, by the state of the moment: where that is a refusal, a DENIED run says so.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import uuid4

from deputize.activity.entries import Script
from deputize.activity.scheduled_time import ScheduledTime
from deputize.authorisation import decide_trigger
from deputize.credentials.authenticators import Accounts
from deputize.denied import Refusal, keep_denied
from deputize.domain.decision import Denial, Grant
from deputize.domain.integration import Integration
from deputize.domain.plan import Plan
from deputize.domain.principal import Principal
from deputize.domain.run import RunState
from deputize.domain.schedule import Passed, Schedule
from deputize.domain.standing import Standing
from deputize.domain.start import SCHEDULE, Start, scheduled_start
from deputize.domain.stored_run import StoredRun
from deputize.inbound.candidate import NotRunnable, listed_names, script_of
from deputize.inbound.content import Unreadable, read_content
from deputize.inbound.given import start_of
from deputize.store import Database, Transaction
from deputize.use_cases.schedules import as_request, rests, script_hash

#: Schedules that are looked at in one go.
BATCH: Final = 500


class ScheduledRuns:
    """Makes runs of schedules."""

    def __init__(self, *, database: Database, accounts: Accounts, default_script: Script) -> None:
        """Take what it works with, as ``Intake`` does."""
        self._database = database
        self._accounts = accounts
        self._default_script = default_script

    async def due(self) -> Sequence[Schedule]:
        """Return schedules whose time has come, the one that waits longest first; at most ``BATCH``."""
        return await self._database.read(lambda tx: tx.schedules.due(tx.now, limit=BATCH))

    async def fire(self, schedule: Schedule, *, now: datetime) -> str | None:
        """Move *schedule*, which is due *now*, to its next due time; return the id of its run, which waits.

        None where there is none: it was refused, its integration rests, or somebody else came first.
        """
        if schedule.due is None or schedule.due > now:
            return None
        # Counting may take a moment, in which neither the database nor anybody else here need wait.
        passed = await asyncio.to_thread(schedule.times.passed, schedule.due, now)
        return await self._database.write(lambda tx: self._fire(tx, schedule, passed))

    async def _fire(self, tx: Transaction, schedule: Schedule, passed: Passed) -> str | None:
        judged = await self._judged(tx, schedule, passed)
        run = None if judged is None else judged[0]
        run_id = None if run is None else run.id
        if not await tx.schedules.move(schedule, passed=passed.latest, to=passed.upcoming, run_id=run_id):
            return None
        if judged is None:
            return None
        run, refusal = judged
        if refusal is not None:
            await keep_denied(tx, run, refusal, clock=lambda: tx.now)
            return None
        await tx.runs.add(run)
        return run.id

    async def _judged(
        self, tx: Transaction, schedule: Schedule, passed: Passed
    ) -> tuple[StoredRun, Refusal | None] | None:
        """Return the run and why it is refused, if it is; None where there is nothing to be run."""
        integration = await tx.integrations.get(schedule.integration_id)
        plan = None if integration is None else await tx.plans.get(integration.plan_id)
        standing = await self._accounts.standing(tx, schedule.subject)
        if integration is None or plan is None or standing is None or schedule.consented is None:
            return None
        if rests(integration):
            return None
        script = await script_of(tx, integration, self._default_script)
        if isinstance(script, NotRunnable):
            return None
        decision = await self._decide(tx, standing, integration, plan)
        refusal = None
        if isinstance(decision, Denial):
            refusal = Refusal.of(decision, not_permitted="SCHEDULE_NOT_PERMITTED")
        account = await self._accounts.account(tx, schedule.subject)
        run_id = str(uuid4())
        time = ScheduledTime(
            name=schedule.name,
            due=passed.latest,
            missed=passed.missed,
            consented=schedule.consented,
            script_changed=schedule.consented_script != await script_hash(tx, integration),
        )
        run = StoredRun(
            id=run_id,
            state=RunState.QUEUED if refusal is None else RunState.DENIED,
            integration_id=integration.id,
            plan_id=plan.id,
            name=integration.name,
            trigger=SCHEDULE,
            script_sha256=script.sha256,
            script_version_id=integration.script_version_id,
            shown_path=script.name,
            start=_start(schedule, time, run_id=run_id).model_dump(mode="json"),
            initiator=Principal(
                id=standing.name,
                name=standing.name if account is None else account.display_name,
                via=SCHEDULE,
                subject=schedule.subject,
            ),
            chain=(integration.id,),
            trace_id=uuid4().hex,
            queued=tx.now,
            finished=None if refusal is None else tx.now,
        )
        return run, refusal

    async def _decide(
        self, tx: Transaction, standing: Standing, integration: Integration, plan: Plan
    ) -> Grant | Denial:
        form = None if integration.form_id is None else await tx.forms.get(integration.form_id)
        decision = decide_trigger(standing, plan, form, integration)
        if isinstance(decision, Grant):
            return decision
        names = await listed_names(tx, self._accounts, plan, form)
        return decide_trigger(standing, plan, form, integration, names=names)


def _start(schedule: Schedule, time: ScheduledTime, *, run_id: str) -> Start:
    request = as_request(schedule.content_type, schedule.body, integration_id=schedule.integration_id)
    content = read_content(request)
    if isinstance(content, Unreadable):
        raise ValueError(f"the body of the schedule {schedule.id}: {content.why}")  # noqa: TRY004 - it was read before it was kept
    start = start_of(
        request,
        secrets=(),
        integration_id=schedule.integration_id,
        request_id=run_id,
        query=(),
        content=content,
    )
    return scheduled_start(start, time)
