"""From a request to a run that is stored: authenticated, authorised, committed, and only then accepted.

Theory of operation. What takes time – verifying a password, reading the body – comes first. Then one
transaction asks anew for everything that may have changed meanwhile, decides, and keeps either a queued
run or a DENIED one, whose single entry says which rule failed. A request that is accepted has been
committed, together with its Idempotency-Key and what it was signed by, if it was; a caller who goes away
in between leaves a whole run or none, and the run is taken up all the same. The transaction may be done
several times over, so it changes nothing but the database.
"""

import asyncio
from collections.abc import Callable
from uuid import uuid4

from deputize.activity.entries import Script
from deputize.credentials.authenticators import Accounts
from deputize.denied import explanation_of, keep_denied
from deputize.inbound.answers import Accepted, CallerRefused, unreadable
from deputize.inbound.authentication import Authentication
from deputize.inbound.candidate import Candidate, judge
from deputize.inbound.content import Unreadable, read_content
from deputize.inbound.given import start_of
from deputize.inbound.idempotency import answered_before, idempotency_key, remember
from deputize.inbound.identified import UsedKey
from deputize.inbound.legacy_trail import note_legacy_use
from deputize.inbound.presented import presented_by, query_parameters
from deputize.inbound.rate import beyond_rate
from deputize.inbound.received import ReceivedRequest
from deputize.inbound.replay import see, seen_before
from deputize.store import Database, Transaction


class Intake:
    """Takes requests to inbound integrations. ``close`` it before the queue and the database."""

    def __init__(
        self,
        *,
        database: Database,
        authentication: Authentication,
        accounts: Accounts,
        default_script: Script,
        submit: Callable[[str], None],
    ) -> None:
        """Take what it works with; start nothing.

        *default_script* is that of integrations which create an event and have none of their own.
        *submit* is called with the id of every run that has been accepted, after the commit.
        """
        self._database = database
        self._authentication = authentication
        self._accounts = accounts
        self._default_script = default_script
        self._submit = submit
        self._under_way: set[asyncio.Task[Accepted | CallerRefused]] = set()

    async def take(self, request: ReceivedRequest) -> Accepted | CallerRefused:
        """Return that *request* has become a run, or why it has not."""
        candidate = await self._candidate(request)
        if isinstance(candidate, CallerRefused):
            return candidate
        task = asyncio.create_task(self._commit(candidate))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Wait for what is being committed."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def _candidate(self, request: ReceivedRequest) -> Candidate | CallerRefused:
        """Return *request* with its caller, read."""
        query = query_parameters(request.query)
        if query is None:
            return unreadable(
                "REQUEST_UNREADABLE",
                "The query has more than 1000 parameters, or is not percent-encoded UTF-8.",
            )
        presented = presented_by(request, query)
        caller = await self._authentication.authenticate(
            presented, integration_id=request.integration_id, source=request.remote_address
        )
        if isinstance(caller, CallerRefused):
            return caller
        content = read_content(request)
        if isinstance(content, Unreadable):
            return unreadable(content.code, content.why)
        idempotency = idempotency_key(request, query)
        if isinstance(idempotency, CallerRefused):
            return idempotency
        run_id = str(uuid4())
        start = start_of(
            request,
            secrets=(*presented.secrets(), *(caller.signed.values if caller.signed else ())),
            integration_id=caller.integration.id,
            request_id=run_id,
            query=query,
            content=content,
        )
        return Candidate(
            run_id=run_id,
            caller=caller,
            start=start,
            trace_id=request.trace_id or uuid4().hex,
            idempotency=idempotency,
        )

    async def _commit(self, candidate: Candidate) -> Accepted | CallerRefused:
        answer = await self._database.write(lambda store: self._keep(store, candidate))
        if isinstance(answer, Accepted) and not answer.replayed:
            self._submit(answer.request_id)
        return answer

    async def _keep(self, store: Transaction, candidate: Candidate) -> Accepted | CallerRefused:
        judged = await judge(store, candidate, accounts=self._accounts, default_script=self._default_script)
        if isinstance(judged, CallerRefused):
            return judged
        refusal = judged.refusal
        if refusal is not None:
            limited = await beyond_rate(store, judged.plan, denied=True)
            if limited is not None:
                return limited
            await keep_denied(store, judged.run, refusal, clock=lambda: store.now)
            return CallerRefused(
                code=refusal.told,
                detail=refusal.reason,
                needs=refusal.needs,
                operator_detail=refusal.reason,
                run_id=judged.run.id,
                explanation=explanation_of(judged.run, refusal),
            )
        key, subject = candidate.idempotency, candidate.caller.subject
        answered = (
            await answered_before(store, key, subject=subject)
            or await seen_before(store, candidate.caller)
            or await beyond_rate(store, judged.plan)
        )
        if answered is None and not await remember(store, key, subject=subject, run_id=judged.run.id):
            # The same request came twice at once, and the other one was quicker.
            answered = await answered_before(store, key, subject=subject)
        if answered is not None:
            return answered
        await see(store, candidate.caller, run_id=judged.run.id)
        await store.runs.add(judged.run)
        await _note_use(store, candidate.caller.used)
        await note_legacy_use(store, judged, source=candidate.start.remote_address)
        return Accepted(request_id=judged.run.id)


async def _note_use(store: Transaction, used: UsedKey | None) -> None:
    match used:
        case UsedKey(kind="url key"):
            await store.keys.touch_url_key(used.id, store.now)
        case UsedKey(kind="api secret"):
            await store.keys.touch_secret(used.id, store.now)
        case UsedKey(kind="signing secret"):
            await store.signatures.touch_secret(used.id, store.now)
