"""``deputize serve``: the server, until it is told to stop."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from deputize import __version__
from deputize.cli.errors import ExitCode
from deputize.cli.escape import visible
from deputize.cli.serving import Serving
from deputize.cli.terminal import Terminal
from deputize.composition.server import RunningServer, ServerOptions, open_server
from deputize.domain.functions import LOGIN
from deputize.domain.integration import Integration
from deputize.domain.plan import Plan
from deputize.server.listen import until_signalled
from deputize.store import Transaction

_INBOUND = "/api/integration/1/functions/{id}/triggers"
_TIME = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeCommand:
    """What the command line asks for."""

    project: Path | None
    data: Path | None
    port: int
    concurrency: int | None
    stand_ins: bool
    as_json: bool
    plain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inbound:
    plan: Plan
    integration: Integration


def serve_project(command: ServeCommand) -> ExitCode:
    """Serve the project until SIGTERM or SIGINT, and say where everything is.

    Raises what ``open_server`` refuses; nothing was served then.
    """
    terminal = Terminal.open(plain=command.plain)
    serving = Serving.begin(command.project, data=command.data, concurrency=command.concurrency)
    options = ServerOptions(folder=serving.folder, port=command.port, stand_ins=command.stand_ins)
    asyncio.run(_serve(serving, options, terminal, as_json=command.as_json))
    return ExitCode.OK


async def _serve(serving: Serving, options: ServerOptions, terminal: Terminal, *, as_json: bool) -> None:
    settings, stopping = serving.settings, asyncio.Event()
    with until_signalled(stopping):
        async with open_server(serving.project, options, settings=settings, stopping=stopping) as server:
            inbound, first = await server.database.read(_what_there_is)
            if as_json:
                terminal.write_json(_document(server, inbound), indent=None)
            else:
                _show(terminal, server, inbound, drain_seconds=settings.drain_seconds)
                if first is not None:
                    command = f"deputize user password {visible(first)}"
                    terminal.say(Text(f"Nobody can sign in yet: `{command}` sets a password."))
            await stopping.wait()
            terminal.say("Stopping: runs under way may finish.")
    terminal.say("Stopped.")


async def _what_there_is(tx: Transaction) -> tuple[list[_Inbound], str | None]:
    """Return what callers can set off, and as long as nobody has a password, who could sign in with one."""
    plans = {plan.id: plan for plan in await tx.plans.all()}
    inbound = [
        _Inbound(plan=plans[each.plan_id], integration=each)
        for each in await tx.integrations.all()
        if each.inbound and each.enabled
    ]
    people = await tx.people.all()
    if any([await tx.passwords.get(person.id) is not None for person in people]):
        return inbound, None
    able = [each.target_name for each in people if await _may_sign_in(tx, each.id)]
    return inbound, min(able, default="NAME")


async def _may_sign_in(tx: Transaction, person_id: str) -> bool:
    standing = await tx.people.standing(person_id)
    return standing is not None and standing.active and standing.has(LOGIN)


def _address(server: RunningServer, integration: Integration) -> str:
    return server.url + _INBOUND.format(id=integration.id)


def _document(server: RunningServer, inbound: Sequence[_Inbound]) -> dict[str, object]:
    return {
        "url": server.url,
        "host": None if server.listener is None else server.listener.host,
        "port": None if server.listener is None else server.listener.port,
        "store": server.store,
        "integrations": [
            {
                "id": each.integration.id,
                "name": each.integration.name,
                "plan": each.plan.name,
                "auth": each.integration.method,
                "url": _address(server, each.integration),
            }
            for each in inbound
        ],
        "stand_ins": {name: stand_in.url for name, stand_in in server.stand_ins.items()},
    }


def _show(
    terminal: Terminal, server: RunningServer, inbound: Sequence[_Inbound], *, drain_seconds: float
) -> None:
    lines: Mapping[str, str] = {
        "Deputize": __version__,
        "Page": f"{server.url}/",
        "Platform": f"{server.url}/api/xm/1",
        "API": f"{server.url}/api/v1   described in {server.url}/openapi.json",
        "Store": server.store,
    }
    for name, value in lines.items():
        terminal.write(Text(f"{visible(name):<{_TIME}} {visible(value)}"))
    for endpoint, stand_in in server.stand_ins.items():
        terminal.write(Text(f"{'Stand-in':<{_TIME}} {visible(endpoint)}  {stand_in.url}"))
    for each in inbound:
        method = each.integration.method or "no method chosen: refused"
        name = f"{each.plan.name}/{each.integration.name}"
        terminal.write(Text(f"{'Inbound':<{_TIME}} {visible(name)}  {visible(method)}"))
        terminal.write(Text(f"{'':<{_TIME}} {_address(server, each.integration)}"))
    terminal.write()
    terminal.say(f"Press Ctrl-C to stop; running scripts get {drain_seconds:g} s to finish.")
