"""The runtime: what an application opens to run scripts as its users."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self
from uuid import uuid4

from pydantic import JsonValue

from deputize.activity.stream import Listener
from deputize.bundle.errors import NotRecorded
from deputize.bundle.file import Bundle
from deputize.bundle.make import gather
from deputize.composition import House, open_platform, open_project
from deputize.domain.attempt import Attempt
from deputize.domain.integration import ScriptVersion
from deputize.domain.limits import Limits
from deputize.domain.principal import Principal
from deputize.domain.run import Run, RunState
from deputize.domain.start import read_start
from deputize.domain.stored_run import StoredRun
from deputize.errors import DeputizeError, Misconfigured, UnknownUser, did_you_mean
from deputize.execution.default_script import default_script
from deputize.execution.order import FormTarget, Order
from deputize.execution.resources import Resources
from deputize.platform.interface import Platform
from deputize.project import Project, find_project, ids
from deputize.project.source import ScriptSource, find_library, find_script, read_script
from deputize.resources import StoredResources
from deputize.script_check import check_thoroughly, compile_candidate, rejected
from deputize.settings import Settings
from deputize.stand_ins import StandInServer
from deputize.store import Transaction
from deputize.use_cases.scripts import Candidate
from deputize.worker.store_keeper import StoreKeeper
from deputize_client import Endpoint, TransportFor
from deputize_sandbox import CompiledScript, Diagnostic

#: How long runs are kept in memory after their end.
_KEPT = timedelta(hours=1)
_FORGOTTEN_AT_ONCE = 100
_MOST_SET_OFF = 1000
_LOOK_SECONDS = 0.02
#: Who performs the runs that a runtime is asked for: itself.
_RUNTIME = "runtime"


#: Names by module.
Modules = Mapping[str, Sequence[str]]
_NO_MODULES: Modules = MappingProxyType({})


class RuntimeClosed(DeputizeError):
    """The runtime was used outside its ``async with`` block."""

    code = "RUNTIME_CLOSED"


class Runtime:
    """Runs scripts as the people who set them off.

    Open it on a project, which brings the embedded platform::

        async with Runtime.open("deputize.toml", stand_ins=True) as runtime:
            run = await runtime.run("acknowledge", payload=callback, initiator="rob")

    or over a platform of your own: ``Runtime(platform=…, endpoints=…)``.
    """

    def __init__(
        self,
        *,
        platform: Platform | None = None,
        endpoints: Mapping[str, Endpoint] | None = None,
        constants: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        project: Project | None = None,
        stand_ins: bool = False,
        settings: Settings | None = None,
        transport: TransportFor | None = None,
        modules: Modules = _NO_MODULES,
    ) -> None:
        """Take either a *platform* of the application's own or a *project*; start nothing.

        The application starts and stops its own platform. *endpoints* are the other systems that
        scripts may call, by name; *constants* are given to every script. A project brings all of
        these itself. *transport* may replace the network for an endpoint, as
        ``deputize_client.testing.MockedEndpoints`` does. *modules* are pure Python modules of the
        application that scripts may import, each with the names that are safe to give. Without *settings*
        the environment says. Raises ``Misconfigured`` when it is neither or both, and ``SettingsInvalid``.
        """
        if (platform is None) == (project is None):
            raise Misconfigured(
                "a runtime needs either a platform or a project: Runtime(platform=…, endpoints=…), "
                'or Runtime.open("deputize.toml").'
            )
        self._platform = platform
        self._resources = Resources(endpoints=dict(endpoints or {}), constants=dict(constants or {}))
        self._limits = limits or Limits()
        self._project = project
        self._settings = settings or Settings.read()
        self._with_stand_ins = stand_ins
        self._transport = transport
        self._modules = modules
        self._stack = AsyncExitStack()
        self._house: House | None = None

    @classmethod
    def open(
        cls,
        project: str | Path = "deputize.toml",
        *,
        stand_ins: bool = False,
        settings: Settings | None = None,
        transport: TransportFor | None = None,
        modules: Modules = _NO_MODULES,
    ) -> Self:
        """Read the project at *project* (its file or folder) and return a runtime for it.

        With *stand_ins*, endpoints that name a file of canned routes are served by it on loopback.
        *transport* and *modules* are as for ``Runtime`` itself. Raises ``ProjectNotFound`` or
        ``ProjectInvalid``; starts nothing.
        """
        path = Path(project)
        loaded = Project.load(find_project(path) if path.is_dir() else path)
        return cls(
            project=loaded, stand_ins=stand_ins, settings=settings, transport=transport, modules=modules
        )

    @classmethod
    def within(cls, house: House, *, project: Project) -> Self:
        """Return a runtime of *project* over a *house* that is open; whoever opened it closes it."""
        runtime = cls(project=project)
        runtime._house = house
        return runtime

    @property
    def project(self) -> Project | None:
        """The project that was opened; None over a platform of the application's own."""
        return self._project

    @property
    def stand_ins(self) -> Mapping[str, StandInServer]:
        """The running stand-ins by endpoint, each with a record of what came."""
        return MappingProxyType(dict(self._open_house.stand_ins))

    async def __aenter__(self) -> Self:
        """Start the sandbox and, for a project, its platform and stand-ins.

        Raises ``JailMissing`` where scripts cannot be confined, ``StandInInvalid``.
        """
        async with AsyncExitStack() as stack:
            if self._project is not None:
                self._house = await open_project(
                    stack,
                    self._project,
                    settings=self._settings,
                    stand_ins=self._with_stand_ins,
                    transport=self._transport,
                    modules=self._modules,
                )
            elif self._platform is not None:
                self._house = await open_platform(
                    stack,
                    self._platform,
                    self._resources,
                    limits=self._limits,
                    settings=self._settings,
                    transport=self._transport,
                    modules=self._modules,
                )
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop everything that was started; guests that still run are killed."""
        self._house = None
        await self._stack.aclose()

    async def run(
        self,
        script: str,
        *,
        payload: JsonValue = None,
        initiator: str,
        kind: str | None = None,
        via: str = "library",
        listener: Listener | None = None,
        like: Bundle | None = None,
    ) -> Run:
        """Run *script* as *initiator* and return the run when it has ended.

        *script* is an integration's name (or ``PLAN/NAME``), or a path. *payload* is the parsed JSON
        body. *kind* is ``inbound`` or the kind of a callback; it defaults to the integration's own, and
        to ``inbound`` for a path. *listener* is called with each entry as it is written.
        *like* is a run whose chance the new one has and, where there is no *payload*, what set it off.

        Raises ``UnknownUser``, ``UnknownIntegration``, ``PayloadInvalid`` or ``ScriptRejected`` before
        anything of the run starts. What the script does wrong is in the run that is returned.
        """
        house = self._open_house
        source = find_script(script, project=self._project)
        trigger = kind or (source.kind if like is None else like.run.trigger)
        run_id = str(uuid4())
        integration_id = source.integration_id
        if like is not None and payload is None:
            start = like.start
        else:
            request_id = run_id if like is None else str(like.start.provided.get("request_id") or run_id)
            start = read_start(
                trigger, payload, request_id=request_id, integration=integration_id or source.name
            )
        principal = await self.principal(initiator, via=via)
        resources = await self._resources_of(house, source.plan)
        candidate = _candidate(source, trigger=trigger, resources=resources)
        compiled = await compile_candidate(house.sandbox, candidate)
        if not isinstance(compiled, CompiledScript):
            raise rejected(compiled)
        order = Order(
            run_id=run_id,
            name=source.name,
            script=compiled,
            start=start,
            principal=principal,
            limits=house.limits.changed(source.limits),
            endpoints=resources.endpoints,
            stand_ins=resources.stand_ins,
            constants=resources.constants,
            secrets=resources.secrets,
            form=_form(source),
            integration_id=integration_id or "",
            chain=(integration_id,) if integration_id else (),
            trace_id=run_id.replace("-", ""),
            seed=None if like is None else like.head.seed,
        )
        # The platform looks the run up when the script calls, for the chain that led there.
        attempt = await house.database.write(lambda tx: _keep_begun(tx, order, source))
        keeper = StoreKeeper(house.database, attempt=attempt)
        return await house.engine.execute(order, listener=listener, keeper=keeper)

    async def bundle(self, run_id: str) -> Bundle:
        """Return a run of this runtime as a bundle: all that it takes to replay it, without a secret.

        Raises ``NotRecorded`` for a run that never started or is forgotten, ``SecretInBundle``.
        """
        house = self._open_house

        async def work(tx: Transaction) -> Bundle:
            run = await tx.runs.get(run_id)
            if run is None:
                raise NotRecorded(f"run {run_id} is not one of this runtime, or ended more than an hour ago.")
            used = await house.resources.of_plan(tx, run.plan_id)
            # Where stand-ins answer, the run knew none of the real secrets; its payload may hold one.
            real = StoredResources(settings=self._settings, sealer=None, stand_ins={})
            known = await real.of_plan(tx, run.plan_id)
            return await gather(tx, run, secrets=(*used.known_secrets(), *known.known_secrets()))

        return await house.database.read(work)

    async def settled(self) -> tuple[StoredRun, ...]:
        """Wait until nothing runs any more, and return the runs that events have set off, in order.

        Those are the outbound integrations of a project, performed as the initiators of their events.
        """
        database = self._open_house.database
        while True:
            runs = await database.read(_set_off)
            if all(_is_over(each) for each in runs):
                return runs
            await asyncio.sleep(_LOOK_SECONDS)

    async def check(self, script: str, *, kind: str | None = None) -> tuple[Diagnostic, ...]:
        """Return what is wrong with *script* or worth a note, without running any of it.

        *script* may also be the path of a shared library. Raises ``UnknownIntegration`` when there is no
        such script.
        """
        house = self._open_house
        library = find_library(script, project=self._project)
        if library is not None:
            resources = await self._resources_of(house, library.plan)
            candidate = Candidate(
                name=f"shared/{library.name}",
                source=resources.shared[library.name],
                trigger=None,
                shared=resources.shared,
                endpoints=frozenset(resources.endpoints),
            )
        else:
            source = find_script(script, project=self._project)
            resources = await self._resources_of(house, source.plan)
            candidate = _candidate(source, trigger=kind or source.kind, resources=resources)
        return await check_thoroughly(house.sandbox, candidate, resources)

    @property
    def _open_house(self) -> House:
        if self._house is None:
            raise RuntimeClosed(
                "this runtime is not open. Use it inside `async with Runtime.open(…) as runtime:`."
            )
        return self._house

    async def principal(self, name: str, *, via: str) -> Principal:
        """Return who *name* is on the platform. Raises ``UnknownUser`` with the nearest name."""
        platform = self._open_house.platform
        principal = await platform.principal(name, via=via)
        if principal is None:
            known = sorted(await platform.people_names())
            listed = f" People: {', '.join(known[:20])}." if known else ""
            raise UnknownUser(f'nobody on the platform is named "{name}".{did_you_mean(name, known)}{listed}')
        return principal

    async def _resources_of(self, house: House, plan: str | None) -> Resources:
        plan_id = None if plan is None else ids.plan_id(plan)
        return await house.database.read(lambda tx: house.resources.of_plan(tx, plan_id))


def _candidate(source: ScriptSource, *, trigger: str, resources: Resources) -> Candidate:
    text = default_script().source if source.path is None else read_script(source.path, name=source.name)
    return Candidate(
        name=source.shown_path,
        source=text,
        trigger=trigger,
        has_form=_form(source) is not None,
        shared=resources.shared,
        endpoints=frozenset(resources.endpoints),
    )


async def _keep_begun(tx: Transaction, order: Order, source: ScriptSource) -> Attempt:
    """Keep a run of *order*, under way; what ended long ago is forgotten, as all of it is in memory."""
    attempt = Attempt(run_id=order.run_id, number=1, worker=_RUNTIME)
    await tx.runs.delete_ended(tx.now - _KEPT, limit=_FORGOTTEN_AT_ONCE)
    plan = source.plan
    script = order.script
    if await tx.scripts.of_hash(script.sha256) is None:
        await tx.scripts.add(
            ScriptVersion(
                id=str(uuid4()),
                owner_id=order.run_id,
                number=1,
                sha256=script.sha256,
                source=script.source,
                author=order.principal.id,
                created=tx.now,
            )
        )
    await tx.runs.add(
        StoredRun(
            id=order.run_id,
            state=RunState.RUNNING,
            integration_id=order.integration_id or None,
            plan_id=ids.plan_id(plan) if plan else None,
            name=order.name,
            trigger=order.start.trigger,
            script_sha256=order.script.sha256,
            shown_path=source.shown_path,
            start=order.start.model_dump(mode="json"),
            initiator=order.principal,
            chain=order.chain,
            trace_id=order.run_id.replace("-", ""),
            queued=tx.now,
            started=tx.now,
            attempts=attempt.number,
            worker=attempt.worker,
        )
    )
    return attempt


async def _set_off(tx: Transaction) -> tuple[StoredRun, ...]:
    runs = await tx.runs.page(limit=_MOST_SET_OFF)
    return tuple(reversed([each for each in runs if each.event_id is not None]))


def _is_over(run: StoredRun) -> bool:
    return run.state not in (RunState.QUEUED, RunState.RUNNING)


def _form(source: ScriptSource) -> FormTarget | None:
    integration = source.integration
    if integration is None or integration.section.form is None:
        return None
    name = integration.section.form
    return FormTarget(
        plan_id=ids.plan_id(integration.plan), form_id=ids.form_id(integration.plan, name), name=name
    )
