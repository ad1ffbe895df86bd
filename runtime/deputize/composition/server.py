"""What `deputize serve` is made of: everything that runs in the server's process.

Order of the end: no request is accepted any more, what is being committed is committed, runs under way
have their grace, and only then the platform goes that they call.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from starlette.types import ASGIApp

from deputize.activity.entries import Script
from deputize.clock import now
from deputize.composition.drafts import DraftCheck
from deputize.composition.house import load_stand_ins, open_engine, open_sandbox, shown_name
from deputize.composition.issuers import open_issuers
from deputize.composition.queue import open_queue, require_many_writers
from deputize.credentials.access_tokens import AccessTokens
from deputize.credentials.bearer_tokens import BearerTokens
from deputize.credentials.keys import KeyHasher
from deputize.credentials.metrics_token import MetricsToken
from deputize.credentials.password_gate import PasswordGate
from deputize.credentials.passwords import Passwords
from deputize.credentials.sealing import Sealer
from deputize.credentials.signing_keys import SigningKeys
from deputize.credentials.signing_secrets import SigningSecrets
from deputize.credentials.throttle import Throttle
from deputize.deployment import open_deployment, remember_address
from deputize.execution.default_script import default_script
from deputize.execution.shadow.shadowing import Shadowing
from deputize.inbound.authentication import Authentication
from deputize.inbound.intake import Intake
from deputize.loopback import serve
from deputize.oauth.authorization_server import AuthorizationServer
from deputize.oauth.sealed_request import RequestSeal
from deputize.platform.embedded import EmbeddedPlatform
from deputize.platform.embedded.accounts import EmbeddedAccounts
from deputize.platform.embedded.passwords import EmbeddedPasswords
from deputize.project import Project
from deputize.project.apply import apply_project
from deputize.project.content import ProjectContent
from deputize.queue.dbos_queue import DbosQueue
from deputize.resources import StoredResources
from deputize.script_check import SandboxChecker
from deputize.server.app import build_app
from deputize.server.late import LateApp
from deputize.server.listen import PublicListener, listen
from deputize.server.metrics import Metrics
from deputize.server.parts import ServerParts
from deputize.server.pulse import AudibleExecutor, Pulse
from deputize.server.upkeep import Upkeep
from deputize.settings import Settings
from deputize.stand_ins import StandInServer
from deputize.store import Database
from deputize.use_cases.fire_schedules import ScheduledRuns
from deputize.use_cases.replay_live import LiveReplay
from deputize.worker import Worker
from deputize.worker.next_try import NextTry
from deputize.worker.ticker import Ticker


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningServer:
    """A server that accepts requests."""

    #: As callers reach it; without a slash at the end.
    url: str
    #: None: a worker, which nobody calls.
    listener: PublicListener | None
    #: The name under which its runs are performed.
    worker: str
    database: Database
    #: The database as it may be shown.
    store: str
    stand_ins: Mapping[str, StandInServer]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOptions:
    """How a project is served."""

    #: Of the database and the key.
    folder: Path
    #: 0 is a port of the moment. None: it is a worker, which is called by its own scripts alone.
    port: int | None = 0
    stand_ins: bool = False


@asynccontextmanager
async def open_server(
    project: Project, options: ServerOptions, *, settings: Settings, stopping: asyncio.Event
) -> AsyncIterator[RunningServer]:
    """Serve *project* while the context lasts; *stopping* is set when it ends.

    Raises ``JailMissing``, ``StandInInvalid``, ``PortUnavailable``, ``AlreadyServed``, ``WorkerAlone`` and
    what ``open_deployment`` refuses.
    """
    canned = load_stand_ins(project) if options.stand_ins else {}
    content = ProjectContent.read(project)
    async with AsyncExitStack() as stack:
        sandbox = await open_sandbox(stack, settings=settings)
        deployment = await stack.enter_async_context(
            open_deployment(settings, folder=options.folder, clock=now)
        )
        database, key = deployment.database, deployment.key
        await _take_over(stack, database, content, options)
        servers = {
            name: await stack.enter_async_context(StandInServer(each)) for name, each in canned.items()
        }

        passwords = Passwords()
        stack.push_async_callback(passwords.close)
        accounts = EmbeddedAccounts(database)
        gate = PasswordGate(
            people=EmbeddedPasswords(database=database, passwords=passwords), throttle=Throttle()
        )
        hasher, sealer, pulse = KeyHasher(key), Sealer(key), Pulse()
        signing = SigningSecrets(sealer)

        queue: DbosQueue

        def submit(run_id: str) -> None:
            pulse.beat()
            queue.submit(run_id)

        url: str

        def issuer() -> str:
            return url

        keys = SigningKeys(sealer)
        tokens = AccessTokens(keys=keys, accounts=accounts, issuer=issuer)
        bearer = BearerTokens(own=tokens, issuers=open_issuers(stack, project))
        checker = SandboxChecker(sandbox)
        platform = EmbeddedPlatform(
            database, on_run=submit, check_script=DraftCheck(checker), gate=gate, bearer=bearer
        )
        inner = LateApp()
        platform.attach(await stack.enter_async_context(serve(inner)))
        resources = StoredResources(settings=settings, sealer=sealer, stand_ins=servers)
        engine = await open_engine(stack, sandbox=sandbox, platform=platform, tells_repeated_posts=True)
        script = Script(name=default_script().name, sha256=default_script().sha256)
        worker = Worker(
            database=database,
            compiler=sandbox,
            executor=AudibleExecutor(engine, pulse),
            resources=resources,
            limits=project.file.limits,
            most_lost=settings.worker_deaths,
            shadowing=Shadowing(database=database, platform=platform, foresight=platform, clock=now),
            next_try=NextTry(accounts=accounts, default_script=script),
        )
        queue = await open_queue(stack, worker, database, settings=settings)
        intake = Intake(
            database=database,
            authentication=Authentication(
                database=database,
                hasher=hasher,
                signing=signing,
                gate=gate,
                tokens=accounts,
                accounts=accounts,
                bearer=bearer,
            ),
            accounts=accounts,
            default_script=script,
            submit=submit,
        )
        stack.push_async_callback(intake.close)
        stack.push_async_callback(platform.close)

        outer = LateApp()
        listener = await _listen(stack, outer, options, settings=settings, stopping=stopping)
        url = (settings.public_url or (platform.base_url if listener is None else listener.url)).rstrip("/")
        if listener is not None:
            remember_address(options.folder, url)
        oauth = AuthorizationServer(
            database=database,
            hasher=hasher,
            gate=gate,
            accounts=accounts,
            tokens=tokens,
            seal=RequestSeal(key.derive("authorization requests"), clock=now),
            issuer=url,
            password_grant=project.file.oauth.password_grant,
            refresh_lifetime=timedelta(days=project.file.oauth.refresh_token_days),
            longest_grant=timedelta(days=project.file.oauth.longest_grant_days),
        )
        parts = ServerParts(
            database=database,
            oauth=oauth,
            intake=intake,
            gate=gate,
            passwords=passwords,
            hasher=hasher,
            sealer=sealer,
            signing=signing,
            signing_keys=keys,
            checker=checker,
            resources=resources,
            forms=platform.forms,
            replays=LiveReplay(database=database, accounts=accounts, default_script=script, submit=submit),
            platform=platform.asgi,
            foresight=platform,
            cursor_key=key.derive("cursors"),
            public_url=url,
            clock=now,
            stopping=stopping,
            pulse=pulse,
            sandbox_ready=sandbox.available,
            metrics=_metrics(database, settings),
            trusted_proxies=settings.trusted_proxies,
        )
        # Scripts that set other integrations off call them on the platform's own address, where nobody
        # stands between who could speak for another.
        inner.be(build_app(replace(parts, trusted_proxies=(), metrics=None, traced=platform.traced)))
        await queue.start()
        _tick(stack, ScheduledRuns(database=database, accounts=accounts, default_script=script), submit)
        outer.be(build_app(parts))
        if listener is not None:
            _look_after(stack, database, project)
        yield RunningServer(
            url=url,
            listener=listener,
            worker=worker.name,
            database=database,
            store=deployment.shown,
            stand_ins={shown_name(project, name): server for name, server in servers.items()},
        )


async def _take_over(
    stack: AsyncExitStack, database: Database, content: ProjectContent, options: ServerOptions
) -> None:
    if options.port is None:
        # What the project says is the server's to apply, which may have a later one.
        require_many_writers(database)
    else:
        await stack.enter_async_context(database.served())
        await database.write(lambda tx: apply_project(tx, content))


def _metrics(database: Database, settings: Settings) -> Metrics | None:
    if settings.metrics_token is None:
        return None
    token = MetricsToken(settings.metrics_token.get_secret_value())
    return Metrics(database, token=token, many_workers=database.address.many_writers)


def _look_after(stack: AsyncExitStack, database: Database, project: Project) -> None:
    upkeep = Upkeep(database, project.file.retention)
    stack.push_async_callback(upkeep.stop)
    upkeep.start()


def _tick(stack: AsyncExitStack, runs: ScheduledRuns, submit: Callable[[str], None]) -> None:
    ticker = Ticker(runs, clock=now, submit=submit)
    stack.push_async_callback(ticker.stop)
    ticker.start()


async def _listen(
    stack: AsyncExitStack,
    app: ASGIApp,
    options: ServerOptions,
    *,
    settings: Settings,
    stopping: asyncio.Event,
) -> PublicListener | None:
    if options.port is None:
        return None
    return await stack.enter_async_context(
        listen(app, host=settings.host, port=options.port, stopping=stopping)
    )
