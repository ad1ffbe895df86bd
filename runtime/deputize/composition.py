"""Which implementation stands behind each interface: the only place that picks."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from deputize.domain.limits import Limits
from deputize.errors import JailMissing
from deputize.execution.engine import Engine
from deputize.execution.recorder import PLATFORM
from deputize.platform.embedded import EmbeddedPlatform
from deputize.platform.interface import Platform
from deputize.project import Project
from deputize.project.model import BasicAuth, BearerAuth, EndpointSection
from deputize.project.seed import platform_seed
from deputize.settings import Settings
from deputize.stand_ins import StandIn, StandInServer
from deputize_client import (
    AsInitiator,
    Authentication,
    BasicAuthentication,
    BearerAuthentication,
    Endpoint,
    MissingSecret,
    NoAuthentication,
    Redactor,
    Secret,
)
from deputize_sandbox import JailUnavailable, Sandbox


def now() -> datetime:
    """Return the time; the one clock that everything else is passed."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The parts that are running: closed with the stack that they were opened on."""

    engine: Engine
    sandbox: Sandbox
    platform: Platform
    stand_ins: Mapping[str, StandInServer] = field(default_factory=dict)


async def open_sandbox(stack: AsyncExitStack) -> Sandbox:
    """Start the sandbox. Raises ``JailMissing`` naming what this machine lacks."""
    try:
        return await stack.enter_async_context(Sandbox())
    except JailUnavailable as error:
        raise JailMissing(str(error)) from error


async def open_project(
    stack: AsyncExitStack, project: Project, *, settings: Settings, stand_ins: bool
) -> House:
    """Start what *project* needs: sandbox, embedded platform and, if asked for, its stand-ins."""
    canned = _load_stand_ins(project) if stand_ins else {}
    sandbox = await open_sandbox(stack)
    platform = await stack.enter_async_context(EmbeddedPlatform(platform_seed(project.file), clock=now))
    servers = {name: await stack.enter_async_context(StandInServer(each)) for name, each in canned.items()}
    endpoints = {
        name: endpoint_from(name, section, settings=settings, stand_in=servers.get(name))
        for name, section in project.file.endpoints.items()
    }
    engine = open_engine(
        sandbox=sandbox,
        platform=platform,
        endpoints=endpoints,
        stand_ins=frozenset(servers),
        limits=project.file.limits,
    )
    return House(engine=engine, sandbox=sandbox, platform=platform, stand_ins=servers)


def open_engine(
    *,
    sandbox: Sandbox,
    platform: Platform,
    endpoints: Mapping[str, Endpoint],
    stand_ins: frozenset[str] = frozenset(),
    limits: Limits,
) -> Engine:
    """Return the engine over *platform*, which scripts call by the endpoint name ``platform``."""
    secrets = [secret for endpoint in endpoints.values() for secret in endpoint.secrets()]

    def redactor() -> Redactor:
        known = Redactor()
        for secret in secrets:
            known.register(secret)
        return known

    return Engine(
        sandbox=sandbox,
        platform=platform,
        endpoints={
            **endpoints,
            PLATFORM: Endpoint(
                name=PLATFORM,
                base_url=platform.base_url,
                authentication=AsInitiator(),
                admitted=platform.admitted,
            ),
        },
        stand_ins=stand_ins,
        limits=limits,
        redactor=redactor,
        clock=now,
    )


def endpoint_from(
    name: str, section: EndpointSection, *, settings: Settings, stand_in: StandInServer | None
) -> Endpoint:
    """Return the endpoint of a section; a stand-in takes its address, and needs no real secret."""
    base_url, admitted = section.base_url, frozenset[tuple[str, int]]()
    if stand_in is not None:
        base_url = stand_in.url + (urlsplit(section.base_url).path or "/")
        admitted = frozenset({("127.0.0.1", stand_in.port)})
    return Endpoint(
        name=name,
        base_url=base_url,
        authentication=_authentication(section, settings=settings, stands_in=stand_in is not None),
        methods=None if section.methods is None else frozenset(section.methods),
        networks=section.networks,
        admitted=admitted,
    )


def _authentication(section: EndpointSection, *, settings: Settings, stands_in: bool) -> Authentication:
    def secret(name: str) -> Secret | MissingSecret:
        # A real secret must not go to a stand-in, which keeps a record of what came.
        return Secret(name, f"stand-in secret for {name}") if stands_in else settings.secret(name)

    match section.auth:
        case BasicAuth(user=user, password=reference):
            return BasicAuthentication(user, secret(reference.secret))
        case BearerAuth(token=reference):
            return BearerAuthentication(secret(reference.secret))
        case _:
            return NoAuthentication()


def _load_stand_ins(project: Project) -> dict[str, StandIn]:
    return {
        name: StandIn.load(project.root / section.stand_in)
        for name, section in project.file.endpoints.items()
        if section.stand_in is not None
    }
