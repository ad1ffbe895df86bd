"""The embedded platform: people, plans and events over the shared database, and the REST API to them."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.types import ASGIApp

from deputize.domain.decision import Explanation
from deputize.domain.principal import Principal
from deputize.domain.standing import Standing
from deputize.loopback import HOST, Listener
from deputize.platform.embedded.commits import Commits
from deputize.platform.embedded.credentials import RunCredentials
from deputize.platform.embedded.denials import RecentDenials
from deputize.platform.embedded.form_starts import FormStarts
from deputize.platform.embedded.rest.app import TRACE_HEADER, Surroundings, build_api, trace_headers
from deputize.platform.embedded.scripts import ScriptCheck
from deputize.platform.embedded.tokens import LIFETIME
from deputize.platform.interface import Foreseen, PlannedRequest
from deputize.store import Database
from deputize_client import Exchange, ReceivedResponse

if TYPE_CHECKING:
    # What verifies passwords comes with the server; a script on a laptop does without.
    from deputize.credentials.bearer_tokens import BearerTokens
    from deputize.credentials.password_gate import PasswordGate

_FORBIDDEN = 403


class EmbeddedPlatform:
    """Implements ``Platform`` and ``Foresight`` over an open database.

    It does not listen: ``asgi`` is served by whoever composes it, and ``attach`` tells it where.
    """

    def __init__(
        self,
        database: Database,
        *,
        on_run: Callable[[str], None],
        check_script: ScriptCheck,
        gate: "PasswordGate | None" = None,
        bearer: "BearerTokens | None" = None,
        token_lifetime: timedelta = LIFETIME,
    ) -> None:
        """Take what it works with; start nothing.

        *on_run* is called with the id of every run that a change of an event has set off, after the
        commit. *gate* verifies people's passwords and *bearer* access tokens; without them nobody uses the
        API but the scripts.
        """
        self._database = database
        self._token_lifetime = token_lifetime
        self._commits = Commits()
        self._forms = FormStarts(database, on_run=on_run, commits=self._commits)
        self._denials = RecentDenials()
        self._sources: dict[str, list[RunCredentials]] = {}
        self._listener: Listener | None = None
        passwords = None
        if gate is not None:
            from deputize.platform.embedded.basic import GatedPasswords  # noqa: PLC0415 - in the extra [server]

            passwords = GatedPasswords(gate=gate)
        access_tokens = None
        if bearer is not None:
            from deputize.platform.embedded.bearer import (  # noqa: PLC0415 - in the extra [server]
                SignedAccessTokens,
            )

            access_tokens = SignedAccessTokens(tokens=bearer)
        self._api = build_api(
            Surroundings(
                database=database,
                denials=self._denials,
                check_script=check_script,
                passwords=passwords,
                access_tokens=access_tokens,
                on_run=on_run,
                commits=self._commits,
            )
        )

    @property
    def asgi(self) -> ASGIApp:
        """The REST API: every path below ``/api/xm`` and ``/reapi``."""
        return self._api.asgi

    @property
    def forms(self) -> FormStarts:
        """Starts forms for people who do not use the REST API."""
        return self._forms

    def attach(self, listener: Listener) -> None:
        """Say where the API is served, for the scripts that call it."""
        self._listener = listener

    async def close(self) -> None:
        """Wait for what is being committed; to be called before the queue and the database are closed."""
        await self._commits.close()

    @property
    def base_url(self) -> str:
        """``http://127.0.0.1:PORT``."""
        return self._attached.url

    @property
    def admitted(self) -> frozenset[tuple[str, int]]:
        """The one address and port at which it is served."""
        return frozenset({(HOST, self._attached.port)})

    @property
    def database(self) -> Database:
        """The database, for those who administer the platform in the same process."""
        return self._database

    async def principal(self, name: str, *, via: str) -> Principal | None:
        """Return the person whose name is exactly *name*; None for nobody. They need not be active."""
        person = await self._database.read(lambda store: store.people.by_name(name))
        if person is None:
            return None
        return Principal(id=person.target_name, name=person.display_name, via=via, subject=person.id)

    async def standing(self, principal: Principal) -> Standing | None:
        """Return what *principal* is allowed in general, now; None when there is no such account any more."""
        subject = principal.subject
        if subject is None:
            return await self._database.read(lambda store: store.people.standing_by_name(principal.id))
        return await self._database.read(lambda store: store.people.standing(subject))

    def credentials_for(self, principal: Principal, *, run_id: str) -> RunCredentials:
        """Return the source of *principal*'s tokens for one run; it issues none before it is asked."""
        source = RunCredentials(
            principal=principal,
            run_id=run_id,
            platform_url=self.base_url,
            database=self._database,
            lifetime=self._token_lifetime,
        )
        self._sources.setdefault(run_id, []).append(source)
        return source

    async def end_run(self, run_id: str) -> None:
        """Revoke the tokens of a run; its sources issue none from now on."""
        for source in self._sources.pop(run_id, []):
            await source.end()

    async def explain(self, exchange: Exchange) -> Explanation | None:
        """Return why this platform refused *exchange*; None when it did not, or has forgotten."""
        outcome = exchange.outcome
        if not isinstance(outcome, ReceivedResponse) or outcome.status_code != _FORBIDDEN:
            return None
        traces = [value for name, value in outcome.headers if name.lower() == TRACE_HEADER]
        return self._denials.explain(traces[0]) if len(traces) == 1 else None

    def traced(self, explanation: Explanation) -> dict[str, str]:
        """Return the headers of a refusal at the platform's address that is not the platform's own.

        A script that gets it is told the *explanation* in its stream, as for a refusal of the platform.
        """
        headers = trace_headers()
        self._denials.remember(headers[TRACE_HEADER], explanation)
        return headers

    async def would(self, principal: Principal, request: PlannedRequest) -> Foreseen | None:
        """Return what would become of *request*, by a rehearsal; None for a path that is not its own."""
        if principal.subject is None:
            return None
        return await self._api.rehearsal.foresee(principal.subject, request)

    async def people_names(self) -> list[str]:
        """Return everybody's name, sorted."""
        everybody = await self._database.read(lambda store: store.people.all())
        return [person.target_name for person in everybody]

    @property
    def _attached(self) -> Listener:
        if self._listener is None:
            raise RuntimeError(
                "the embedded platform is not served; serve its asgi and attach() the listener"
            )
        return self._listener
