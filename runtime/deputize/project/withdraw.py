"""What becomes of something that a project file declares no more."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from deputize.domain.endpoint import EVERY_PLAN
from deputize.project import ids
from deputize.store import Transaction


async def withdraw(tx: Transaction, kind: str, name: str) -> None:
    """Let what was declared as *kind* and *name* stop working; see the top of ``apply.py``.

    A role stays, as people may have it whom the file does not know; a script goes with its integration;
    an event has happened.
    """
    if kind in _BY_KIND:
        plan, _, inner = name.partition("/")
        await _BY_KIND[kind](tx, plan, inner)


async def _user(tx: Transaction, name: str, _inner: str) -> None:
    person = await tx.people.by_name(name)
    if person is not None:
        await tx.people.put(replace(person, status="INACTIVE"))
        await tx.oauth.revoke_grants_of(person.id, tx.now)


async def _plan(tx: Transaction, name: str, _inner: str) -> None:
    plan = await tx.plans.get(ids.plan_id(name))
    if plan is not None:
        await tx.plans.put(replace(plan, enabled=False))


async def _form(tx: Transaction, plan: str, name: str) -> None:
    form = await tx.forms.get(ids.form_id(plan, name))
    if form is not None:
        await tx.forms.put(replace(form, start=frozenset()))


async def _integration(tx: Transaction, plan: str, name: str) -> None:
    integration = await tx.integrations.get(ids.integration_id(plan, name))
    if integration is not None:
        await tx.integrations.put(replace(integration, enabled=False))


async def _endpoint(tx: Transaction, plan: str, name: str) -> None:
    await tx.endpoints.delete(_scope(plan), name)


async def _secret(tx: Transaction, plan: str, name: str) -> None:
    await tx.secrets.delete(_scope(plan), name)


async def _constant(tx: Transaction, plan: str, name: str) -> None:
    await tx.constants.delete(ids.plan_id(plan), name)


async def _library(tx: Transaction, plan: str, name: str) -> None:
    await tx.libraries.delete(ids.library_id(plan, name))


def _scope(plan: str) -> str:
    return ids.plan_id(plan) if plan else EVERY_PLAN


_BY_KIND: Final[Mapping[str, Callable[[Transaction, str, str], Awaitable[None]]]] = MappingProxyType(
    {
        "user": _user,
        "plan": _plan,
        "form": _form,
        "integration": _integration,
        "endpoint": _endpoint,
        "secret": _secret,
        "constant": _constant,
        "library": _library,
    }
)
