"""Sets and deletes the secrets of a plan, or of every plan; their values can be written and never read.

Theory of operation. A secret is sealed to its row before it reaches the database. Where it may be sent is
decided by the names of endpoints on its list, and what an endpoint's name stands for is decided by the
developers of a plan: so a secret that was provided for the whole deployment, or by whoever operates it,
is not theirs to point elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from deputize.authorisation import decide_function
from deputize.domain.endpoint import EVERY_PLAN, SealedSecret
from deputize.domain.functions import ADMIN
from deputize.domain.standing import Standing
from deputize.errors import did_you_mean, shown
from deputize.project.sections.endpoints import EndpointSection
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import Conflict, Fault, Invalid, NotFound, require
from deputize.use_cases.finding import developed_plan
from deputize.use_cases.names import refuse_unfit_name
from deputize_client import Secret

#: The table to whose rows secrets are sealed.
SECRETS_TABLE: Final = "secrets"
#: Characters; what is shorter is not searched for where it might show.
SHORTEST_SECRET: Final = 8


class Seal(Protocol):
    """Seals secrets for the database."""

    def seal(self, secret: Secret, *, row: Sequence[str]) -> bytes:
        """Return the value of *secret*, sealed for *row*."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretChange:
    """What is to change; what is None stays. A new secret needs both."""

    value: Secret | None = None
    #: The names of the endpoints that it may be sent to.
    endpoints: Sequence[str] | None = None


async def set_secret(
    database: Database, actor: Actor, *, sealer: Seal, plan: str, name: str, change: SecretChange
) -> None:
    """Set the secret *name* of a plan; *plan* may be ``EVERY_PLAN``, for who administers the deployment."""
    refuse_unfit_name(name)
    if change.value is not None and len(change.value.reveal()) < SHORTEST_SECRET:
        detail = f"A secret has at least {SHORTEST_SECRET} characters; a shorter one could not be redacted."
        raise Invalid(Fault(pointer="/value", detail=detail))

    async def work(tx: Transaction) -> None:
        standing = await actor.standing(tx)
        scope, where = await _scope(tx, standing, plan)
        before = await tx.secrets.get(scope, name)
        _refuse_half(before, change)
        if before is not None and not before.sealed and change.endpoints is not None:
            # Its value is in the settings of whoever operates the deployment.
            require(decide_function(standing, ADMIN, what="say where a secret of the operator's goes"))
        if change.endpoints is not None:
            await _refuse_unknown(tx, scope, change.endpoints)
        sealed = b"" if before is None else before.sealed
        if change.value is not None:
            sealed = sealer.seal(change.value, row=(SECRETS_TABLE, scope, name))
        endpoints = frozenset[str]() if before is None else before.endpoints
        if change.endpoints is not None:
            endpoints = frozenset(change.endpoints)
        await tx.secrets.put(
            SealedSecret(scope=scope, name=name, endpoints=endpoints, sealed=sealed, changed=tx.now)
        )
        await note(
            tx,
            actor,
            "secret.set",
            f"secret:{where}/{name}",
            value_changed=change.value is not None,
            endpoints=sorted(endpoints),
        )

    await database.write(work)


async def delete_secret(database: Database, actor: Actor, *, plan: str, name: str) -> None:
    """Delete the secret *name* of a plan. Raises ``Conflict`` while an endpoint of the plan needs it."""

    async def work(tx: Transaction) -> None:
        scope, where = await _scope(tx, await actor.standing(tx), plan)
        if scope != EVERY_PLAN:
            await _refuse_needed(tx, scope, name)
        if not await tx.secrets.delete(scope, name):
            raise NotFound("secret", name)
        await note(tx, actor, "secret.deleted", f"secret:{where}/{name}")

    await database.write(work)


async def see_secrets(database: Database, actor: Actor, *, plan: str) -> list[SealedSecret]:
    """Return the secrets that a plan's scripts may use, by name; nobody can read their values."""

    async def work(tx: Transaction) -> list[SealedSecret]:
        scope, _ = await _scope(tx, await actor.standing(tx), plan)
        return await tx.secrets.in_scope(scope) if scope == EVERY_PLAN else await tx.secrets.of_plan(scope)

    return await database.read(work)


async def _scope(tx: Transaction, standing: Standing, plan: str) -> tuple[str, str]:
    """Return the scope that *plan* names, which *standing* may edit, and its name."""
    if plan == EVERY_PLAN:
        require(decide_function(standing, ADMIN, what="edit what belongs to every plan"))
        return EVERY_PLAN, EVERY_PLAN
    found = await developed_plan(tx, standing, plan)
    return found.id, found.name


async def _refuse_needed(tx: Transaction, plan_id: str, name: str) -> None:
    """Raise ``Conflict`` for a secret that an endpoint proves itself with.

    Without it the same name would stand for one of the whole deployment, and that would be sent there.
    """
    await tx.plans.hold(plan_id)
    for endpoint in await tx.endpoints.in_scope(plan_id):
        if name in EndpointSection.model_validate(endpoint.definition).secrets:
            raise Conflict(
                f'The endpoint "{shown(endpoint.name)}" proves itself with the secret "{shown(name)}". '
                "Give it another one, or delete it first."
            )


def _refuse_half(before: SealedSecret | None, change: SecretChange) -> None:
    if before is not None:
        return
    missing = [
        Fault(
            pointer=pointer,
            detail="Missing: a new secret needs a value, and the endpoints it may be sent to.",
        )
        for pointer, given in (("/value", change.value), ("/endpoints", change.endpoints))
        if given is None
    ]
    if missing:
        raise Invalid(*missing)


async def _refuse_unknown(tx: Transaction, scope: str, endpoints: Sequence[str]) -> None:
    in_scope = tx.endpoints.in_scope if scope == EVERY_PLAN else tx.endpoints.of_plan
    known = {each.name for each in await in_scope(scope)}
    faults = [
        Fault(pointer=f"/endpoints/{index}", detail=f"There is no such endpoint.{did_you_mean(name, known)}")
        for index, name in enumerate(endpoints)
        if name not in known
    ]
    if faults:
        raise Invalid(*faults)
    if not endpoints:
        raise Invalid(Fault(pointer="/endpoints", detail="Name at least one; to use it nowhere, delete it."))
