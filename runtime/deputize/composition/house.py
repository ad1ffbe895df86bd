"""What runs scripts in one process: a project in memory, or an application's own platform."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from deputize.clock import now
from deputize.composition.drafts import DraftCheck
from deputize.domain.endpoint import EVERY_PLAN
from deputize.domain.limits import Limits
from deputize.errors import JailMissing
from deputize.execution.capabilities.clock import Sleep
from deputize.execution.engine import Engine
from deputize.execution.guests import Guests
from deputize.execution.resources import Resources, ResourceSource
from deputize.loopback import serve
from deputize.platform.embedded import EmbeddedPlatform
from deputize.platform.interface import Platform
from deputize.project import Project, ids
from deputize.project.apply import apply_project
from deputize.project.content import ProjectContent
from deputize.queue.inline import InlineQueue
from deputize.resources import FixedResources, StoredResources
from deputize.script_check import SandboxChecker
from deputize.settings import Settings
from deputize.stand_ins import StandIn, StandInServer
from deputize.store import Database
from deputize.worker import Worker
from deputize_client import TokenSource, TransportFor
from deputize_sandbox import JailUnavailable, Sandbox

_IN_MEMORY = "sqlite+aiosqlite:///:memory:"

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Who says what time it is, and who waits."""

    #: For scripts and for the entries of their runs.
    run: Clock = now
    #: For what is kept, in whose order things happened.
    store: Clock = now
    sleep: Sleep = asyncio.sleep


#: By the scope and the name of the endpoint that each stands in for.
StandIns = Mapping[tuple[str, str], StandInServer]


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The parts that are running: closed with the stack that they were opened on."""

    database: Database
    sandbox: Guests
    platform: Platform
    engine: Engine
    resources: ResourceSource
    limits: Limits
    #: Performs what the events of a project set off; None over an application's own platform.
    queue: InlineQueue | None = None
    #: By the endpoint's name, with its plan in front where it belongs to one.
    stand_ins: Mapping[str, StandInServer] = field(default_factory=dict)


async def open_project(
    stack: AsyncExitStack,
    project: Project,
    *,
    settings: Settings,
    stand_ins: bool,
    transport: TransportFor | None,
    modules: Mapping[str, Sequence[str]],
    times: Times = Times(),
) -> House:
    """Start what *project* needs: sandbox, embedded platform and, if asked for, its stand-ins.

    Everything that is kept is kept in memory. *transport* may replace the network for an endpoint, and
    *modules* are what scripts may import besides. *times* tells everybody what time it is.
    """
    canned = load_stand_ins(project) if stand_ins else {}
    sandbox = await open_sandbox(stack, settings=settings, modules=modules, clock=times.run)
    database = await _open_database(stack, clock=times.store)
    content = ProjectContent.present(project)
    await database.write(lambda tx: apply_project(tx, content))
    queue: InlineQueue

    def submit(run_id: str) -> None:
        queue.submit(run_id)

    platform = EmbeddedPlatform(database, on_run=submit, check_script=DraftCheck(SandboxChecker(sandbox)))
    platform.attach(await stack.enter_async_context(serve(platform.asgi)))
    stack.push_async_callback(platform.close)
    servers = {key: await stack.enter_async_context(StandInServer(each)) for key, each in canned.items()}
    engine = await open_engine(stack, sandbox=sandbox, platform=platform, transport=transport, times=times)
    resources = StoredResources(settings=settings, sealer=None, stand_ins=servers)
    worker = Worker(
        database=database,
        compiler=sandbox,
        executor=engine,
        resources=resources,
        limits=project.file.limits,
    )
    queue = InlineQueue(worker, concurrency=settings.concurrency)
    await queue.start()
    # Whoever closes the runtime does not wait for what events have set off: see ``Runtime.settled``.
    stack.push_async_callback(queue.drain, 0)
    return House(
        database=database,
        sandbox=sandbox,
        platform=platform,
        engine=engine,
        resources=resources,
        limits=project.file.limits,
        queue=queue,
        stand_ins={shown_name(project, key): server for key, server in servers.items()},
    )


async def open_platform(
    stack: AsyncExitStack,
    platform: Platform,
    resources: Resources,
    *,
    limits: Limits,
    settings: Settings,
    transport: TransportFor | None,
    modules: Mapping[str, Sequence[str]],
) -> House:
    """Start what an application needs that brings its own *platform* and *resources*."""
    sandbox = await open_sandbox(stack, settings=settings, modules=modules)
    return House(
        database=await _open_database(stack),
        sandbox=sandbox,
        platform=platform,
        engine=await open_engine(stack, sandbox=sandbox, platform=platform, transport=transport),
        resources=FixedResources(resources),
        limits=limits,
    )


async def open_sandbox(
    stack: AsyncExitStack,
    *,
    settings: Settings,
    modules: Mapping[str, Sequence[str]] = MappingProxyType({}),
    clock: Clock = now,
) -> Sandbox:
    """Start the sandbox. Raises ``JailMissing`` naming what this machine lacks.

    *modules* are pure modules of the application that scripts may import, each with its safe names.
    """
    try:
        return await stack.enter_async_context(
            Sandbox(allow_contained=settings.allow_contained_jail, modules=modules, clock=clock)
        )
    except JailUnavailable as error:
        raise JailMissing(str(error)) from error


async def _open_database(stack: AsyncExitStack, *, clock: Clock = now) -> Database:
    database = Database(_IN_MEMORY, clock=clock)
    await database.open()
    stack.push_async_callback(database.close)
    return database


async def open_engine(
    stack: AsyncExitStack,
    *,
    sandbox: Sandbox,
    platform: Platform,
    transport: TransportFor | None = None,
    times: Times = Times(),
    tells_repeated_posts: bool = False,
) -> Engine:
    """Return the engine; its tokens of service accounts are closed with *stack*.

    Say with *tells_repeated_posts* whether *platform* honours the ``Idempotency-Key`` of a posted form.
    """
    tokens = TokenSource(transport=transport)
    stack.push_async_callback(tokens.aclose)
    return Engine(
        sandbox=sandbox,
        platform=platform,
        tokens=tokens,
        clock=times.run,
        transport=transport,
        sleep=times.sleep,
        tells_repeated_posts=tells_repeated_posts,
    )


def load_stand_ins(project: Project) -> dict[tuple[str, str], StandIn]:
    """Return the canned routes that *project* names, by the scope and name of their endpoints."""
    scopes = {EVERY_PLAN: project.file.endpoints} | {
        ids.plan_id(name): plan.endpoints for name, plan in project.file.plans.items()
    }
    return {
        (scope, name): StandIn.load(project.root / section.stand_in)
        for scope, endpoints in scopes.items()
        for name, section in endpoints.items()
        if section.stand_in is not None
    }


def shown_name(project: Project, key: tuple[str, str]) -> str:
    """Return the name of an endpoint, with its plan in front where it belongs to one."""
    scope, name = key
    plans = {ids.plan_id(plan): plan for plan in project.file.plans}
    return name if scope == EVERY_PLAN else f"{plans[scope]}/{name}"
