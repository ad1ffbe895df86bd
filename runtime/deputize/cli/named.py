"""What the arguments of a command name: an integration, a user, a key, a client, a schedule."""

from collections.abc import Iterable
from typing import Final

from deputize.cli.deployed import OPERATOR
from deputize.credentials.oauth_secrets import CLIENT_ID
from deputize.errors import Refused, UnknownIntegration, UnknownUser, did_you_mean, shown
from deputize.store import Database
from deputize.use_cases.clients import SeenClient
from deputize.use_cases.find_run import SHORTEST
from deputize.use_cases.keys import SeenKey
from deputize.use_cases.schedules import SeenSchedule
from deputize.use_cases.see_clients import see_clients
from deputize.use_cases.see_integrations import SeenIntegration, see_integrations
from deputize.use_cases.see_keys import see_keys
from deputize.use_cases.see_plans import see_plans
from deputize.use_cases.see_schedules import see_schedules
from deputize.use_cases.see_users import see_users

#: Names that are listed when none of them was meant.
_LISTED: Final = 20


class UnknownPlan(Refused):
    """No plan has that name."""

    code = "UNKNOWN_PLAN"


class UnknownKey(Refused):
    """No key has an id that begins so, or more than one has."""

    code = "UNKNOWN_KEY"


class UnknownSchedule(Refused):
    """No schedule has that name or id, or more than one has."""

    code = "UNKNOWN_SCHEDULE"


class UnknownClient(Refused):
    """No client of OAuth has an id that begins so, or more than one has."""

    code = "UNKNOWN_CLIENT"


async def integration_named(database: Database, name: str) -> SeenIntegration:
    """Return the integration that *name* is the name of, ``PLAN/NAME``, or the id."""
    seen = await see_integrations(database, OPERATOR)
    found = [each for each in seen if name in (each.integration.id, each.integration.name, path_of(each))]
    if len(found) > 1:
        choices = ", ".join(sorted(path_of(each) for each in found))
        raise UnknownIntegration(
            f'more than one integration is named "{name}". Name it with its plan: {choices}.'
        )
    if not found:
        known = [each.integration.name for each in seen]
        raise UnknownIntegration(
            f'there is no integration "{name}".{did_you_mean(name, known)} Integrations: {_listed(known)}.'
        )
    return found[0]


def path_of(seen: SeenIntegration) -> str:
    """Return ``PLAN/NAME``, which no other integration has."""
    return f"{seen.plan}/{seen.integration.name}"


async def plan_named(database: Database, name: str) -> str:
    """Return *name*, which is a plan's or its id. Raises ``UnknownPlan`` with the nearest one."""
    plans = [each.plan for each in await see_plans(database, OPERATOR)]
    if not any(name in (each.name, each.id) for each in plans):
        known = [each.name for each in plans]
        raise UnknownPlan(f'there is no plan "{name}".{did_you_mean(name, known)} Plans: {_listed(known)}.')
    return name


async def user_named(database: Database, name: str) -> str:
    """Return *name*, which is somebody's. Raises ``UnknownUser`` with the nearest one."""
    known = [each.person.target_name for each in await see_users(database, OPERATOR)]
    if name not in known:
        raise UnknownUser(f'there is no user "{name}".{did_you_mean(name, known)} Users: {_listed(known)}.')
    return name


async def key_named(database: Database, start: str) -> SeenKey:
    """Return the key whose id is, or alone begins with, *start*."""
    keys = await see_keys(database, OPERATOR)
    found = [each for each in keys if each.id == start]
    if not found and len(start) >= SHORTEST:
        found = [each for each in keys if each.id.startswith(start)]
    if len(found) > 1:
        raise UnknownKey(f'more than one key begins with "{start}". Give more of the id.')
    if not found:
        hint = did_you_mean(start, [each.id[: len(start)] for each in keys])
        raise UnknownKey(
            f'there is no key whose id is or begins with "{start}".{hint} `deputize key list` shows them.'
        )
    return found[0]


async def client_named(database: Database, start: str) -> SeenClient:
    """Return the client whose id is, or alone begins with, *start*."""
    clients = await see_clients(database, OPERATOR)
    found = [each for each in clients if each.client.id == start]
    begin = start if start.startswith(CLIENT_ID) else CLIENT_ID + start
    if not found and len(begin) >= len(CLIENT_ID) + SHORTEST:
        found = [each for each in clients if each.client.id.startswith(begin)]
    if len(found) > 1:
        raise UnknownClient(f'more than one client begins with "{start}". Give more of the id.')
    if not found:
        raise UnknownClient(
            f'there is no client whose id is or begins with "{shown(start)}". '
            "`deputize client list` shows them."
        )
    return found[0]


async def schedule_named(database: Database, name: str) -> SeenSchedule:
    """Return the schedule that *name* is the name, the path or the id of, or alone begins the id of."""
    schedules = await see_schedules(database, OPERATOR)
    found = [each for each in schedules if name in (each.schedule.id, *_names_of(each))]
    if not found and len(name) >= SHORTEST:
        found = [each for each in schedules if each.schedule.id.startswith(name)]
    if len(found) > 1:
        choices = ", ".join(sorted(_names_of(each)[-1] for each in found))
        raise UnknownSchedule(
            f'more than one schedule is named "{shown(name)}". Write it as one of: {choices}.'
        )
    if not found:
        known = [each.schedule.name for each in schedules]
        raise UnknownSchedule(
            f'there is no schedule "{shown(name)}".{did_you_mean(name, known)} Schedules: {_listed(known)}.'
        )
    return found[0]


def _names_of(seen: SeenSchedule) -> tuple[str, str, str]:
    name = seen.schedule.name
    return name, f"{seen.integration}/{name}", f"{seen.plan}/{seen.integration}/{name}"


def _listed(names: Iterable[str]) -> str:
    known = sorted(set(names))
    more = ", …" if len(known) > _LISTED else ""
    return ", ".join(known[:_LISTED]) + more if known else "none"
