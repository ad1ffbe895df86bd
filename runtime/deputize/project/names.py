"""The names in a project file: whether each stands for something that the file has."""

from collections.abc import Iterable, Iterator, Mapping

from deputize.domain.functions import FUNCTIONS
from deputize.errors import did_you_mean
from deputize.project.default_roles import DEFAULT_ROLES
from deputize.project.sections.file import ProjectFile
from deputize.project.sections.plans import AccessSection, PlanSection

_PLATFORM = "platform"
_EVERY_ROLE = "*"


def names_for_nothing(file: ProjectFile) -> Iterator[str]:
    """Yield a sentence for every name that stands for nothing, or is taken."""
    roles = {**DEFAULT_ROLES, **file.roles}
    yield from _taken("endpoints", file.endpoints)
    for name, role in file.roles.items():
        yield from _unknown(f'roles."{name}".functions', role.functions or (), FUNCTIONS, "function")
        targets = (target for target in role.on or () if target != _EVERY_ROLE)
        yield from _unknown(f'roles."{name}".on', targets, roles, "role")
    for name, user in file.users.items():
        yield from _unknown(f"users.{name}.roles", user.roles, roles, "role")
    forms = {f"{plan}/{form}" for plan, section in file.plans.items() for form in section.forms}
    numbers = [event.id for event in file.events]
    for twice in sorted({number for number in numbers if numbers.count(number) > 1}):
        yield f'events: "{twice}" stands there more than once. An event has an id of its own.'
    for event in file.events:
        yield from _unknown(f'events "{event.id}".initiator', (event.initiator,), file.users, "user")
        if "/" in event.form:
            yield from _unknown(f'events "{event.id}".form', (event.form,), forms, "form")
    for name, secret in file.secrets.items():
        # A plan may have an endpoint of its own to which a secret of all plans goes.
        known = {*file.endpoints, *(each for plan in file.plans.values() for each in plan.endpoints)}
        yield from _unknown(f"secrets.{name}.endpoints", secret.endpoints, known, "endpoint")
    for name, plan in file.plans.items():
        yield from _of_plan(f"plans.{name}", plan, file, roles)


def _of_plan(where: str, plan: PlanSection, file: ProjectFile, roles: Mapping[str, object]) -> Iterator[str]:
    if "/" in where:
        yield f"{where}: a plan's name has no \"/\", which stands between it and an integration's name."
    accesses: dict[str, object] = {f"{where}.access": plan.access}
    accesses |= {f"{where}.forms.{name}.senders": form.senders for name, form in plan.forms.items()}
    for place, access in accesses.items():
        if isinstance(access, AccessSection):
            yield from _unknown(f"{place}.roles", access.roles, roles, "role")
            yield from _unknown(f"{place}.users", access.users, file.users, "user")
    yield from _taken(f"{where}.endpoints", plan.endpoints)
    endpoints = {**file.endpoints, **plan.endpoints}
    for name, secret in plan.secrets.items():
        yield from _unknown(f"{where}.secrets.{name}.endpoints", secret.endpoints, endpoints, "endpoint")
    for name, integration in plan.integrations.items():
        if integration.form is not None:
            yield from _unknown(f"{where}.integrations.{name}.form", (integration.form,), plan.forms, "form")
    for name in plan.shared:
        if not name.isidentifier() or name.startswith("_"):
            yield f'{where}.shared: "{name}" cannot be imported. Use letters, digits and _ in between.'


def _taken(where: str, endpoints: Iterable[str]) -> Iterator[str]:
    if _PLATFORM in endpoints:
        yield f"{where}.platform: this name is the platform's own; give the endpoint another one."


def _unknown(where: str, names: Iterable[str], known: Iterable[str], noun: str) -> Iterator[str]:
    known = set(known)
    for name in names:
        if name not in known:
            yield f'{where}: there is no {noun} "{name}".{did_you_mean(name, sorted(known))}'
