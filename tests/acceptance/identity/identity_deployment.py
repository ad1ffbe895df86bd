"""The product, as the state machine of identities uses it: its intake, its use cases, its platform."""

import itertools
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import httpx
from identity_credentials import Basic, UrlKey, headers_of
from identity_fakes import NothingToFind, QuickHash
from identity_legacy_acts import LegacyActs, attempt
from identity_model import Run

from deputize.activity.entries import Script
from deputize.credentials.access_tokens import AccessTokens
from deputize.credentials.bearer_tokens import BearerTokens
from deputize.credentials.keys import KeyHasher
from deputize.credentials.master_key import MasterKey
from deputize.credentials.password_gate import PasswordGate
from deputize.credentials.passwords import Passwords
from deputize.credentials.sealing import Sealer
from deputize.credentials.signing_keys import SigningKeys
from deputize.credentials.signing_secrets import SigningSecrets
from deputize.credentials.throttle import Allowance, Allowances, Throttle
from deputize.domain.functions import EVENTS, REST
from deputize.domain.integration import Integration, ScriptVersion
from deputize.domain.person import Person, Role
from deputize.domain.plan import Access, Form, Plan
from deputize.domain.signature import SignatureScheme
from deputize.inbound.answers import Accepted
from deputize.inbound.authentication import Authentication
from deputize.inbound.intake import Intake
from deputize.inbound.received import ReceivedRequest
from deputize.loopback import Listener
from deputize.platform.embedded import EmbeddedPlatform
from deputize.platform.embedded.accounts import EmbeddedAccounts
from deputize.platform.embedded.passwords import EmbeddedPasswords
from deputize.platform.interface import FormContent, FormStarted
from deputize.server.problem_types import PROBLEM_TYPES
from deputize.store.tables import metadata
from deputize.use_cases.access import NamedAccess
from deputize.use_cases.actor import Actor
from deputize.use_cases.change_form import FormChange, change_form
from deputize.use_cases.change_plan import PlanChange, change_plan
from deputize.use_cases.change_user import UserChange, change_user
from deputize.use_cases.edit_integration import IntegrationChange, edit_integration
from deputize.use_cases.issue_key import issue_key
from deputize.use_cases.revoke_key import revoke_key
from deputize.use_cases.rotate_key import rotate_key
from deputize.use_cases.set_password import set_password
from deputize_client import AsInitiator, CredentialUnavailable, Endpoint

#: The service that creates people and tells what becomes of events; nobody else's name.
SERVICE = Basic("service", "the password of the service")
#: Who saved every script; what they may do is of no account.
AUTHOR = "mary"

_API = "http://platform.example/api/xm/1"
_ALL = frozenset({"View", "Use", "Edit", "Delete", "Assign"})
#: How the requests are signed where that is the method.
GITHUB = SignatureScheme(preset="github")
#: Guessing is slowed down elsewhere; a machine presents a wrong password as often as it likes.
_UNLIMITED = Allowance(failures=1_000_000, seconds=1)


class Deployment(LegacyActs):
    """A deployment over an open database, which is emptied for it."""

    def __init__(self, database, clock):
        self._database = database
        self._clock = clock
        self._hasher = KeyHasher(MasterKey(b"k" * 32))
        self._signing = SigningSecrets(Sealer(MasterKey(b"k" * 32)))
        self._passwords = Passwords(
            hasher=QuickHash(), threads=1, waiting=100, monotonic=lambda: clock().timestamp()
        )
        unlimited = Allowances(account_and_source=_UNLIMITED, account=_UNLIMITED, source=_UNLIMITED)
        gate = PasswordGate(
            people=EmbeddedPasswords(database=database, passwords=self._passwords),
            throttle=Throttle(unlimited, monotonic=lambda: clock().timestamp()),
        )
        accounts = EmbeddedAccounts(database)
        self._messages = itertools.count()
        #: The ids of the runs that the queue was told of.
        self.submitted = []
        self._intake = Intake(
            database=database,
            authentication=Authentication(
                database=database,
                hasher=self._hasher,
                signing=self._signing,
                gate=gate,
                tokens=accounts,
                accounts=accounts,
                bearer=BearerTokens(
                    own=AccessTokens(
                        keys=SigningKeys(Sealer(MasterKey(b"k" * 32))),
                        accounts=accounts,
                        issuer=lambda: "https://deputize.example",
                    )
                ),
            ),
            accounts=accounts,
            default_script=Script(name="create_event.py", sha256="d" * 64),
            submit=self.submitted.append,
        )
        self._platform = EmbeddedPlatform(
            database, on_run=self.submitted.append, check_script=NothingToFind(), gate=gate
        )
        self._platform.attach(Listener(port=1))
        self._endpoint = Endpoint(
            name="platform",
            base_url=self._platform.base_url,
            authentication=AsInitiator(),
            admitted=self._platform.admitted,
        )
        #: By the id of the run: each has one source of credentials, as long as it goes on.
        self._sources = {}
        self._http = httpx.AsyncClient(transport=httpx.ASGITransport(self._platform.asgi))

    async def close(self):
        await self._http.aclose()
        await self._intake.close()
        await self._platform.close()
        await self._passwords.close()

    async def begin(self, model):
        """Empty the database, and put into it what *model* has at first, and the service."""

        async def work(tx):
            for table in reversed(metadata.sorted_tables):
                await tx.people._connection.execute(table.delete())
            for name, functions in model.roles.items():
                await tx.roles.put(_role(name, functions))
            await tx.roles.put(Role(name="Service", functions=frozenset({EVENTS, REST}), on={"*": _ALL}))
            await tx.people.put(Person(id="service", target_name=SERVICE.name, roles=frozenset({"Service"})))
            for each in model.users.values():
                await tx.people.put(Person(id=each.id, target_name=each.name, roles=each.roles))
            for plan in model.plans.values():
                await tx.plans.put(Plan(id=plan.name, name=plan.name, access=_access(plan.access)))
            for form in model.forms.values():
                await tx.forms.put(_form(form))
            for each in model.integrations.values():
                version = ScriptVersion(
                    id=f"script of {each.id}",
                    owner_id=each.id,
                    number=1,
                    sha256="a" * 64,
                    source="def main(): ...",
                    author=AUTHOR,
                    created=tx.now,
                )
                await tx.scripts.add(version)
                await tx.integrations.put(
                    Integration(
                        id=each.id,
                        plan_id=each.plan,
                        name=each.id,
                        action=each.action,
                        callback=each.callback,
                        form_id=each.form,
                        method=each.method,
                        signature=GITHUB.kept() if each.method == "signature" else None,
                        legacy=each.legacy,
                        script_version_id=version.id,
                    )
                )

        await self._database.write(work)
        for plan in model.plans.values():
            await self.bring_in(plan.name, plan.terms)
        await self.set_password(None, SERVICE.name, SERVICE.password)

    # People and roles

    async def create_user(self, name):
        """Create a user by the platform's API; return their id."""
        return (await self._posted("/people", SERVICE, {"targetName": name}, expected=201))["id"]

    async def delete_user(self, name):
        answer = await self._http.delete(f"{_API}/people/{name}", headers=headers_of(SERVICE))
        assert answer.status_code == 200, answer.text

    async def change_user(self, name, **values):
        await change_user(self._database, Actor.operator(), user=name, change=UserChange(**values))

    async def replace_role(self, name, functions):
        """Remove a role; another of that name, which nobody has, takes its place."""

        async def work(tx):
            await tx.roles.delete(name)
            await tx.roles.put(_role(name, functions))

        await self._database.write(work)

    async def set_password(self, actor, name, password, lifetime=None):
        return await attempt(
            set_password(
                self._database,
                _actor(actor),
                hasher=self._passwords,
                user=name,
                password=password,
                lifetime=None if lifetime is None else timedelta(seconds=lifetime),
            )
        )

    # Plans, forms, integrations

    async def admit(self, plan, everybody, roles, names):
        access = NamedAccess(everybody=everybody, roles=roles, users=names)
        await change_plan(self._database, Actor.operator(), plan=plan, change=PlanChange(access=access))

    async def enable_plan(self, plan, enabled):
        await change_plan(self._database, Actor.operator(), plan=plan, change=PlanChange(enabled=enabled))

    async def let_send(self, form_id, everybody, roles, names):
        senders = NamedAccess(everybody=everybody, roles=roles, users=names)
        await change_form(
            self._database, Actor.operator(), form_id=form_id, change=FormChange(senders=senders)
        )

    async def replace_form(self, form_id, new):
        async def work(tx):
            await tx.forms.delete(form_id)
            await tx.forms.put(_form(new))

        await self._database.write(work)

    async def edit(self, integration_id, **values):
        if values.get("method") == "signature":
            values["signature"] = GITHUB
        await edit_integration(
            self._database,
            Actor.operator(),
            checker=NothingToFind(),
            integration_id=integration_id,
            change=IntegrationChange(**values),
        )

    async def set_action(self, integration_id, action):
        async def work(tx):
            await tx.integrations.put(replace(await tx.integrations.get(integration_id), action=action))

        await self._database.write(work)

    # Keys; None is returned where the act is refused.

    async def issue_key(self, actor, where, holder):
        act = issue_key(
            self._database,
            _actor(actor),
            hasher=self._hasher,
            signing=self._signing,
            integration_id=where,
            holder=holder,
        )
        return await attempt(act)

    async def rotate_key(self, actor, key_id, overlap):
        overlap = timedelta(seconds=overlap)
        act = rotate_key(
            self._database,
            _actor(actor),
            hasher=self._hasher,
            signing=self._signing,
            key_id=key_id,
            overlap=overlap,
        )
        return await attempt(act)

    async def revoke_key(self, actor, key_id):
        return await attempt(revoke_key(self._database, _actor(actor), key_id=key_id))

    # Requests

    async def call(self, where, credentials):
        """Send a request to an inbound integration; return the status, the code, and the id of the run."""
        keys = [f"apiKey={quote(each.key)}" for each in credentials if isinstance(each, UrlKey)]
        body = f"message {next(self._messages)}".encode()
        headers = [headers_of(each, body) for each in credentials if not isinstance(each, UrlKey)]
        answer = await self._intake.take(
            ReceivedRequest(
                integration_id=where,
                headers=tuple(pair for each in headers for pair in each.items()),
                query="&".join(keys),
                body=body,
                remote_address="192.0.2.1",
            )
        )
        if isinstance(answer, Accepted):
            return 202, None, answer.request_id
        return PROBLEM_TYPES[answer.code].status, answer.code, answer.run_id

    async def runs_but(self, known):
        """Return what is recorded of every run whose id is not among the *known*, by id."""

        async def work(tx):
            found = [each for each in await tx.runs.page(limit=1000) if each.id not in known]
            return {each.id: _recorded(each, await tx.entries.of_run(each.id)) for each in found}

        return await self._database.read(work)

    async def token(self, run_id):
        """Return a credential for a run, as its worker gets it; None where there is none to be had."""
        credential = await (await self._source(run_id)).credential(self._endpoint)
        return None if isinstance(credential, CredentialUnavailable) else credential.token.reveal()

    async def end_run(self, run_id):
        """End a run, whether or not it has asked for a credential."""
        await self._source(run_id)
        await self._platform.end_run(run_id)

    async def _source(self, run_id):
        if run_id not in self._sources:
            run = await self._database.read(lambda tx: tx.runs.get(run_id))
            self._sources[run_id] = self._platform.credentials_for(run.initiator, run_id=run_id)
        return self._sources[run_id]

    # Events

    async def start_form(self, form_id, credential, recipients):
        """Start a form by the platform's API; return the status, and the id that the caller was told."""
        body = {"recipients": [{"id": name} for name in recipients]}
        answer = await self._post(f"/forms/{form_id}/triggers", credential, body)
        return answer.status_code, answer.json().get("requestId")

    async def start_form_in_page(self, user_id, form_id):
        """Start a form as somebody who has signed in; return the id that they were told, or None."""
        started = await self._platform.forms.start_form(user_id, form_id, FormContent(), way="ui")
        return started.request_id if isinstance(started, FormStarted) else None

    async def events_of(self, request_id):
        return await self._database.read(lambda tx: tx.events.all(request_id=request_id))

    async def respond(self, number, credential, recipient=None):
        body = {"response": "Join"} | ({} if recipient is None else {"recipient": recipient})
        return (await self._post(f"/events/{number}/responses", credential, body)).status_code

    async def comment(self, number):
        await self._posted(f"/events/{number}/annotations", SERVICE, {"comment": "Noted."}, expected=201)

    async def set_status(self, number, status):
        await self._posted("/events", SERVICE, {"id": number, "status": status}, expected=200)

    async def _post(self, path, credential, body):
        return await self._http.post(_API + path, headers=headers_of(credential), json=body)

    async def _posted(self, path, credential, body, *, expected):
        answer = await self._post(path, credential, body)
        assert answer.status_code == expected, answer.text
        return answer.json()


@asynccontextmanager
async def deployment_on(database, clock):
    deployment = Deployment(database, clock)
    try:
        yield deployment
    finally:
        await deployment.close()


def _actor(user):
    if user is None:
        return Actor.operator()
    return Actor(subject=user.id, name=user.name, source="192.0.2.1")


def _role(name, functions):
    return Role(name=name, functions=functions, on={"*": frozenset({"Use"})})


def _access(access):
    return Access(everybody=access.everybody, roles=access.roles, people=access.users)


def _form(form):
    return Form(id=form.id, plan_id=form.plan, name=form.name, senders=_access(form.senders))


def _recorded(run, entries):
    queued = run.state == "QUEUED"
    return Run(
        integration=run.integration_id,
        trigger=run.trigger,
        state=run.state.value,
        user=run.initiator.subject,
        name=run.initiator.id,
        via=run.initiator.via,
        chain=run.chain if queued else (),
        entries=tuple(each["kind"] for each in entries),
    )
