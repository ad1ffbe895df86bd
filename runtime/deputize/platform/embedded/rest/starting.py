"""Starts a form: decides whether its sender may, and keeps the event with all that it sets off."""

from dataclasses import dataclass
from uuid import uuid4

from deputize.authorisation import decide_send, decide_trigger
from deputize.domain.decision import Denial, Grant
from deputize.domain.event import Audit, Event, EventChange
from deputize.domain.functions import LOGIN
from deputize.domain.legacy import LEGACY
from deputize.domain.plan import Form, Plan, StartWay
from deputize.domain.start import SCHEDULE, by_request
from deputize.outbound import set_off
from deputize.platform.embedded.group_permissions import see_group
from deputize.platform.embedded.permissions import Authority, Holder, Rules
from deputize.platform.embedded.rest.callers import Caller
from deputize.platform.embedded.rest.shapes.plans import response_options
from deputize.platform.embedded.rest.trigger_body import Trigger
from deputize.platform.embedded.targets import resolve
from deputize.platform.embedded.whom import Whom
from deputize.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """An event that has begun."""

    event: Event
    #: The id that the caller is told, and finds the event by.
    request_id: str
    #: The runs that its beginning set off.
    runs: tuple[str, ...]
    #: The names of recipients whom it does not reach.
    left_out: tuple[str, ...] = ()
    #: Whether it had begun before, by the same request.
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FormStart:
    """Who starts which form, by what way, by the state of one moment."""

    store: Transaction
    rules: Rules
    caller: Caller
    plan: Plan
    form: Form
    #: For a script it is always ``api``.
    way: StartWay

    async def decide(self) -> Grant | Denial:
        """Decide whether the form may be started: plan access, sender permission, and the way.

        An inbound integration of the form is a way of its own. The page and the app are for people who
        may sign in; who sends a message does not sign in to anything.
        """
        decision = await self._decide({})
        if isinstance(decision, Denial):
            listed = self.plan.access.people | self.form.senders.people
            found = [await self.store.people.get(each) for each in sorted(listed)]
            decision = await self._decide({each.id: each.target_name for each in found if each is not None})
        return decision

    async def start(self, trigger: Trigger) -> Started:
        """Keep the event, its recipients and what it sets off; whoever may start it has been decided.

        A recipient who is not there, or to whom the sender may not send, is left out: the event is none the
        less. Its submitter is the person in whose name the request is made, whatever the body says.
        """
        person, now = self.caller.person, self.store.now
        targets = await resolve(self.store, trigger.targets, may=self._may_send_to)
        request_id = self._request_id()
        event = Event(
            id=str(uuid4()),
            number=await self.store.events.next_number(),
            submitter_id=person.id,
            submitter_name=person.target_name,
            via=self._via(),
            status="ACTIVE",
            form=self.form.name,
            form_id=self.form.id,
            plan_id=self.plan.id,
            priority=trigger.priority,
            created=now,
            properties=trigger.properties,
            recipients=tuple(each.target_name for each in targets.recipients if each.targeted),
            options={"responseOptions": response_options(self.form.response_options), **trigger.options},
            request_id=request_id,
            chain=self.caller.chain,
            scope=self.caller.scope,
        )
        await self.store.events.add(event)
        await self.store.recipients.add(event.id, targets.recipients)
        await self.store.events.add_audit(
            Audit(
                id=str(uuid4()),
                event_id=event.id,
                type="EVENT_CREATED",
                at=now,
                detail={"notSentTo": list(targets.dropped)},
            )
        )
        change = EventChange(
            kind="STATUS",
            event=event,
            at=now,
            fields={"status": event.status.lower(), "username": event.submitter_name},
        )
        runs = await set_off(self.store, change, chain=event.chain)
        return Started(event=event, request_id=request_id, runs=runs, left_out=targets.dropped)

    async def _decide(self, names: dict[str, str]) -> Grant | Denial:
        standing = self.rules.standing(self.caller.person)
        run = self.caller.run
        by = None if run is None or run.integration_id is None else run.integration_id
        integration = None if by is None else await self.store.integrations.get(by)
        if integration is not None and integration.creates_event and integration.form_id == self.form.id:
            return decide_trigger(standing, self.plan, self.form, integration, names=names)
        decision = decide_send(standing, self.plan, self.form, way=self.way, names=names)
        if self.way in ("api", "email") or isinstance(decision, Denial):
            return decision
        return self.rules.decide(Holder.of(self.caller.person), f"start forms by {self.way}", _signs_in)

    def _may_send_to(self, whom: Whom) -> bool:
        holder = Holder.of(self.caller.person)
        if whom.group is not None:
            return isinstance(see_group(self.rules, holder, whom.group), Grant)
        return whom.person is not None and isinstance(
            self.rules.use_person(holder, Holder.of(whom.person)), Grant
        )

    def _via(self) -> str:
        if not self.caller.script:
            return self.way
        run = self.caller.run
        if run is not None and run.legacy:
            return LEGACY
        if run is not None and run.trigger == SCHEDULE:
            return SCHEDULE
        return "inbound" if self._by_request() else "script"

    def _request_id(self) -> str:
        """Return the id of the request that set the script off, which its caller was told, or a new one."""
        return self.caller.run.id if self.caller.run is not None and self._by_request() else str(uuid4())

    def _by_request(self) -> bool:
        return self.caller.run is not None and by_request(self.caller.run.trigger)


def _signs_in(authority: Authority) -> tuple[str, ...]:
    return () if authority.has(LOGIN) else (f"function {LOGIN}",)
