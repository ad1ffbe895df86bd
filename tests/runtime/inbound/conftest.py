"""Inbound integrations of every method, over a real database, and callers with their keys."""

import base64
import hashlib
import itertools
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from deputize.activity.entries import Script
from deputize.credentials.access_tokens import AccessTokens
from deputize.credentials.bearer_tokens import BearerTokens
from deputize.credentials.keys import KeyHasher, mint_api_secret, mint_key_id, mint_url_key
from deputize.credentials.master_key import MasterKey
from deputize.credentials.password_gate import PasswordGate
from deputize.credentials.passwords import Passwords
from deputize.credentials.sealing import Sealer
from deputize.credentials.signing_keys import SigningKeys
from deputize.credentials.signing_secrets import SigningSecrets, signing_secret
from deputize.credentials.throttle import Throttle
from deputize.domain.integration import Integration, ScriptVersion
from deputize.domain.keys import ApiKey, ApiSecret, RunToken, SigningSecret, StoredPassword, UrlKey
from deputize.domain.legacy import LegacyTerms
from deputize.domain.person import Person, Role
from deputize.domain.plan import Access, Form, Plan
from deputize.domain.principal import Principal
from deputize.domain.run import RunState
from deputize.domain.stored_run import StoredRun
from deputize.inbound.authentication import Authentication
from deputize.inbound.intake import Intake
from deputize.inbound.received import ReceivedRequest
from deputize.platform.embedded.accounts import EmbeddedAccounts
from deputize.platform.embedded.passwords import EmbeddedPasswords
from deputize.platform.embedded.tokens import hashed, mint
from deputize.store import Database

sys.path.insert(0, str(Path(__file__).parent))

HOME = "192.0.2.1"
HERE = "https://deputize.example"
SENDER, VIEWER = "Sender", "Viewer"
#: Of a plan: what opens its legacy integrations.
PAIR = ("reapi", "password of the pair")
METHODS = ("url", "basic", "api-key", "oauth", "signature")
SOURCE = "def main():\n    return 1\n"
DEFAULT = Script(name="create_event.py", sha256="d" * 64)


@dataclass
class CountingPasswordHash:
    """A quick password hash that counts verifications."""

    verified: int = 0
    hashed: int = 0

    def hash(self, password):
        self.hashed += 1
        return f"{self.hashed}${hashlib.sha256(password).hexdigest()}"

    def verify(self, password, hash):  # noqa: A002 - the name that pwdlib gives it
        self.verified += 1
        return hash.partition("$")[2] == hashlib.sha256(password).hexdigest()


class CountingKeyHasher(KeyHasher):
    """Counts keyed hashes."""

    def __init__(self, key):
        super().__init__(key)
        self.digests = 0

    def digest(self, *parts):
        self.digests += 1
        return super().digest(*parts)


class CountingSigningSecrets(SigningSecrets):
    """Counts the secrets that are opened to verify signatures."""

    def __init__(self, sealer):
        super().__init__(sealer)
        self.opened = 0

    def _unseal(self, secret_id, sealed):
        self.opened += 1
        return super()._unseal(secret_id, sealed)


class Bench:
    """A deployment with one plan, an integration of each method, and people."""

    def __init__(self, database, clock):
        self.database = database
        self.clock = clock
        self.key_hasher = CountingKeyHasher(MasterKey(b"k" * 32))
        self.signing = CountingSigningSecrets(Sealer(MasterKey(b"k" * 32)))
        self.password_hash = CountingPasswordHash()
        self.passwords = Passwords(
            hasher=self.password_hash, threads=1, waiting=100, monotonic=lambda: clock().timestamp()
        )
        self.accounts = EmbeddedAccounts(database)
        self.access_tokens = AccessTokens(
            keys=SigningKeys(Sealer(MasterKey(b"k" * 32))), accounts=self.accounts, issuer=lambda: HERE
        )
        self.issuers = {}
        self._numbers = itertools.count()
        self.submitted = []
        self.intake = Intake(
            database=database,
            authentication=Authentication(
                database=database,
                hasher=self.key_hasher,
                signing=self.signing,
                gate=PasswordGate(
                    people=EmbeddedPasswords(database=database, passwords=self.passwords),
                    throttle=Throttle(monotonic=lambda: clock().timestamp()),
                ),
                tokens=self.accounts,
                accounts=self.accounts,
                bearer=BearerTokens(own=self.access_tokens, issuers=self.issuers),
            ),
            accounts=self.accounts,
            default_script=DEFAULT,
            submit=self.submitted.append,
        )

    async def put_world(self):
        async def work(store):
            await store.roles.put(Role(name=SENDER))
            await store.roles.put(Role(name=VIEWER))
            for name, roles in (("rob", {SENDER}), ("dana", {SENDER}), ("mary", {VIEWER}), ("eve", set())):
                await store.people.put(
                    Person(
                        id=f"id of {name}", target_name=name, first_name=name.title(), roles=frozenset(roles)
                    )
                )
            await store.plans.put(
                Plan(id="incidents", name="Incidents", access=Access(roles=frozenset({SENDER, VIEWER})))
            )
            await store.forms.put(
                Form(id="alert", plan_id="incidents", name="alert", senders=Access(roles=frozenset({SENDER})))
            )
            await store.scripts.add(
                ScriptVersion(
                    id="v1",
                    owner_id="by url",
                    number=1,
                    sha256="a" * 64,
                    source=SOURCE,
                    author="rob",
                    created=self.clock(),
                )
            )
            for method in METHODS:
                await store.integrations.put(
                    Integration(
                        id=f"by {method}",
                        plan_id="incidents",
                        name=f"by {method}",
                        action="CREATE_EVENT",
                        form_id="alert",
                        method=method,
                        signature={"preset": "github"} if method == "signature" else None,
                        script_version_id="v1",
                    )
                )
            await store.integrations.put(
                Integration(
                    id="outbound",
                    plan_id="incidents",
                    name="outbound",
                    callback="STATUS",
                    form_id="alert",
                    script_version_id="v1",
                )
            )

        await self.database.write(work)
        for name in ("rob", "dana", "mary", "eve"):
            await self.set_password(name, f"password of {name}")

    # People

    async def person(self, name):
        return await self.database.read(lambda store: store.people.by_name(name))

    async def change_person(self, name, **values):
        person = await self.person(name)
        await self.database.write(lambda store: store.people.put(replace(person, **values)))

    async def set_password(self, name, password, *, expires=None):
        person = await self.person(name)
        stored = StoredPassword(
            person_id=person.id,
            hash=await self.passwords.hash(password),
            changed=self.clock(),
            expires=expires,
        )
        await self.database.write(lambda store: store.passwords.put(stored))

    # Integrations and plans

    async def change_integration(self, integration_id, **values):
        async def work(store):
            await store.integrations.put(replace(await store.integrations.get(integration_id), **values))

        await self.database.write(work)

    async def add_integration(self, integration_id, **values):
        values = {
            "plan_id": "incidents",
            "name": integration_id,
            "action": "RUN_SCRIPT",
            "method": "basic",
            "script_version_id": "v1",
        } | values
        await self.database.write(
            lambda store: store.integrations.put(Integration(id=integration_id, **values))
        )

    async def add_legacy(self, integration_id, **terms):
        """Put a legacy integration into the plan, and the *terms* of all that the plan has."""
        await self.add_integration(integration_id, method=None, legacy=True)
        await self.set_terms(**terms)

    async def set_terms(self, *, authenticated, plan_id="incidents", owner="dana", password=PAIR[1]):
        terms = LegacyTerms(
            plan_id=plan_id,
            authenticated=authenticated,
            name=PAIR[0] if authenticated else None,
            hash=await self.passwords.hash(password) if authenticated and password else None,
            owner=None if owner is None else f"id of {owner}",
            imported=self.clock(),
        )
        await self.database.write(lambda store: store.legacy.put_terms(terms))

    async def change_plan(self, **values):
        async def work(store):
            await store.plans.put(replace(await store.plans.get("incidents"), **values))

        await self.database.write(work)

    async def change_form(self, **values):
        async def work(store):
            await store.forms.put(replace(await store.forms.get("alert"), **values))

        await self.database.write(work)

    # Keys

    async def url_key(self, integration_id, name):
        secret, person = mint_url_key().reveal(), await self.person(name)
        key = UrlKey(
            id=f"url key {len(self.submitted)} {secret[-6:]}",
            integration_id=integration_id,
            subject=person.id,
            hash=self.key_hasher.of_url_key(integration_id=integration_id, url_key=secret),
            created=self.clock(),
            issued_by=person.id,
        )
        await self.database.write(lambda store: store.keys.add_url_key(key))
        return secret

    async def api_key(self, integration_id, name):
        secret, person = mint_api_secret().reveal(), await self.person(name)

        async def work(store):
            key = await store.keys.create_api_key(
                ApiKey(id=mint_key_id(), subject=person.id, created=self.clock())
            )
            await store.keys.add_secret(
                ApiSecret(
                    id=f"secret {secret[-6:]}",
                    integration_id=integration_id,
                    subject=person.id,
                    hash=self.key_hasher.of_api_secret(
                        integration_id=integration_id, key_id=key.id, secret=secret
                    ),
                    created=self.clock(),
                    issued_by=person.id,
                )
            )
            return key.id

        return await self.database.write(work), secret

    async def signing_secret(self, integration_id, name, secret, **more):
        """Keep *secret* as what requests of *name*'s are signed with; return its id."""
        person = await self.person(name)
        secret_id = f"signing secret {next(self._numbers)}"
        kept = SigningSecret(
            **{
                "id": secret_id,
                "integration_id": integration_id,
                "subject": person.id,
                "sealed": self.signing.seal(signing_secret(secret), secret_id=secret_id),
                "created": self.clock(),
                "issued_by": person.id,
                **more,
            }
        )
        await self.database.write(lambda store: store.signatures.add_secret(kept))
        return secret_id

    async def run_token(self, name, *, chain=("first",)):
        """Return the token of a run of *name*'s, which is under way."""
        token, person = mint().reveal(), await self.person(name)
        run_id = f"run {token[-6:]}"

        async def work(store):
            await store.runs.add(
                StoredRun(
                    id=run_id,
                    state=RunState.RUNNING,
                    integration_id=chain[-1],
                    plan_id="incidents",
                    name="first",
                    trigger="inbound",
                    script_sha256="a" * 64,
                    shown_path="first",
                    start={},
                    chain=chain,
                    initiator=Principal(id=name, name=name, via="basic", subject=person.id),
                    trace_id="0" * 32,
                    queued=self.clock(),
                )
            )
            await store.tokens.add(
                RunToken(
                    hash=hashed(token),
                    person_id=person.id,
                    run_id=run_id,
                    expires=self.clock() + timedelta(minutes=15),
                )
            )

        await self.database.write(work)
        return token, run_id

    # Requests

    async def take(self, integration_id, *credentials, **more):
        """Send a request with the *credentials*, each a header or a part of the query."""
        return await self.intake.take(self.request(integration_id, *credentials, **more))

    def request(self, integration_id, *credentials, query="", headers=(), body=b"", source=HOME, **more):
        return ReceivedRequest(
            integration_id=integration_id,
            headers=(*(each for each in credentials if isinstance(each, tuple)), *headers),
            query="&".join(
                [*(each for each in credentials if isinstance(each, str)), *([query] if query else [])]
            ),
            body=body,
            remote_address=source,
            **more,
        )

    async def runs(self):
        async def work(store):
            return await store.runs.page(limit=1000)

        return await self.database.read(work)

    async def run(self, run_id):
        return await self.database.read(lambda store: store.runs.get(run_id))

    async def entries(self, run_id):
        return await self.database.read(lambda store: store.entries.of_run(run_id))


def basic(name, password):
    """Return the header of HTTP Basic."""
    token = base64.b64encode(f"{name}:{password}".encode()).decode()
    return "Authorization", f"Basic {token}"


@asynccontextmanager
async def deployed(database, clock):
    bench = Bench(database, clock)
    try:
        await bench.put_world()
        yield bench
    finally:
        await bench.intake.close()
        await bench.passwords.close()


@pytest.fixture
async def bench(tmp_path, clock):
    """A deployment on SQLite."""
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/deputize.db", clock=clock)
    await database.open()
    try:
        async with deployed(database, clock) as bench:
            yield bench
    finally:
        await database.close()


@pytest.fixture
async def bench_on_each_store(database, clock):
    """A deployment, on one store and then on the other."""
    async with deployed(database, clock) as bench:
        yield bench


@pytest.fixture
def header():
    return basic
