"""Starts forms for people who do not use the REST API: by the page, by the app's sign-in, by a message."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import ValidationError

from deputize.domain.decision import Denial
from deputize.domain.plan import StartWay
from deputize.errors import PayloadInvalid
from deputize.platform.embedded.commits import Commits
from deputize.platform.embedded.permissions import Rules
from deputize.platform.embedded.rest.callers import Caller
from deputize.platform.embedded.rest.problems import Problem, unfit
from deputize.platform.embedded.rest.starting import FormStart, Started
from deputize.platform.embedded.rest.starting_once import CameTwice, start_once
from deputize.platform.embedded.rest.trigger_body import Trigger, TriggerBody, trigger_of
from deputize.platform.interface import FormContent, FormStarted, OneRequest
from deputize.store import Database, Transaction


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a transaction has come to, and the runs to tell the queue of."""

    answer: FormStarted | Denial | None
    runs: tuple[str, ...] = ()


class FormStarts:
    """Implements ``FormStarter`` over an open database."""

    def __init__(self, database: Database, *, on_run: Callable[[str], None], commits: Commits) -> None:
        """Take what it works with; *on_run* is called with the id of every run set off, after the commit."""
        self._database = database
        self._on_run = on_run
        self._commits = commits

    async def start_form(
        self,
        subject: str,
        form_id: str,
        content: FormContent,
        *,
        way: StartWay,
        request: OneRequest | None = None,
    ) -> FormStarted | Denial | None:
        """Start a form for the person of that id: an event begins, as by a trigger."""

        async def work(store: Transaction) -> _Kept:
            start = await _start_of(store, subject, form_id, way=way)
            if start is None:
                return _Kept(None)
            decision = await start.decide()
            if isinstance(decision, Denial):
                return _Kept(decision)
            started = await start_once(start, _trigger(content), request, by="form")
            return _Kept(_answer(started), started.runs)

        async def commit() -> FormStarted | Denial | None:
            try:
                kept = await self._database.write(work)
            except CameTwice:
                kept = await self._database.write(work)
            for run_id in kept.runs:
                self._on_run(run_id)
            return kept.answer

        return await self._commits.whole(commit())


async def _start_of(store: Transaction, subject: str, form_id: str, *, way: StartWay) -> FormStart | None:
    person = await store.people.get(subject)
    form = await store.forms.get(form_id)
    plan = None if form is None else await store.plans.get(form.plan_id)
    if person is None or form is None or plan is None:
        return None
    return FormStart(
        store=store,
        rules=Rules(await store.roles.all()),
        caller=Caller(person=person, script=False),
        plan=plan,
        form=form,
        way=way,
    )


def _trigger(content: FormContent) -> Trigger:
    try:
        body = TriggerBody.model_validate(
            {
                "properties": dict(content.properties),
                "recipients": [{"id": each} for each in content.recipients],
                "priority": content.priority,
            }
        )
        return trigger_of(body)
    except ValidationError as error:
        raise PayloadInvalid(unfit(error).message) from None
    except Problem as problem:
        raise PayloadInvalid(problem.message) from None


def _answer(started: Started) -> FormStarted:
    return FormStarted(
        request_id=started.request_id,
        event_id=started.event.id,
        number=started.event.number,
        left_out=started.left_out,
        again=started.again,
    )
