"""Gives a legacy integration its method, and takes that back as long as nobody has edited it since."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from pydantic import JsonValue, TypeAdapter

from deputize.authorisation import decide_function
from deputize.credentials.keys import KeyHasher
from deputize.credentials.signing_secrets import SigningSecrets
from deputize.domain.functions import ADMIN
from deputize.domain.integration import Integration, Method
from deputize.domain.legacy import LegacySwitch
from deputize.domain.plan import Plan
from deputize.domain.signature import SignatureScheme
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.edit_integration import IntegrationChange, save_edit
from deputize.use_cases.errors import Conflict, SwitchUnconfirmed, require
from deputize.use_cases.finding import find_integration
from deputize.use_cases.issue_key import keep_key
from deputize.use_cases.keys import IssuedKey
from deputize.use_cases.migration.readiness import objections

_INTEGRATION: Final = TypeAdapter(Integration)


@dataclass(frozen=True, slots=True, kw_only=True)
class Switched:
    """A legacy integration that has a method now, or one that has been given back."""

    integration: Integration
    plan: Plan
    #: What spoke against it, and was confirmed.
    objections: tuple[str, ...] = ()
    #: The key that was issued with it, with its secret, this once.
    key: IssuedKey | None = None


async def switch_over(
    database: Database,
    actor: Actor,
    *,
    hasher: KeyHasher,
    signing: SigningSecrets,
    integration_id: str,
    method: Method,
    signature: SignatureScheme | None = None,
    holder: str | None = None,
    confirmed: bool = False,
) -> Switched:
    """Give a legacy integration *method*, and *holder* a key to it; all of it is done, or nothing.

    *signature* says how requests are signed, where that is the method.

    Raises ``SwitchUnconfirmed`` when what its shadow found speaks against it, or nobody has looked.
    """

    async def work(tx: Transaction) -> Switched:
        before, plan = await _administered(tx, actor, integration_id, what="switch an integration over")
        where = f"{plan.name}/{before.name}"
        if not before.legacy:
            raise Conflict(f'The integration "{before.name}" is not legacy. Edit it to change its method.')
        shadow = await tx.legacy.shadow(before.id)
        against = tuple(objections(where, shadow, await tx.legacy.findings(before.id)))
        if against and not confirmed:
            raise SwitchUnconfirmed(f"{' '.join(against)} Nothing was changed.")
        after = await save_edit(tx, actor, before.id, IntegrationChange(method=method, signature=signature))
        switch = LegacySwitch(integration_id=after.id, at=tx.now, by=actor.name, after=_document(after))
        await tx.legacy.put_switch(switch)
        await note(tx, actor, "migration.switched", f"integration:{where}", method=method)
        key = None
        if holder is not None:
            key = await keep_key(
                tx, actor, hasher=hasher, signing=signing, integration_id=after.id, holder=holder
            )
        return Switched(integration=after, plan=plan, objections=against, key=key)

    return await database.write(work)


async def undo_switch(database: Database, actor: Actor, *, integration_id: str) -> Switched:
    """Give an integration back as it was before it was switched over.

    Keys stay, and open nothing until it is switched over again. Raises ``Conflict`` for one that was not
    switched over, and for one that has been edited since: that would be lost.
    """

    async def work(tx: Transaction) -> Switched:
        present, plan = await _administered(tx, actor, integration_id, what="undo a switch")
        switch = await tx.legacy.switch(present.id)
        if switch is None:
            raise Conflict(
                f'The integration "{present.name}" was not switched over by `deputize migrate switch`: '
                "there is nothing to undo."
            )
        if dict(switch.after) != _document(present):
            raise Conflict(
                f'The integration "{present.name}" has been edited since it was switched over; it cannot be '
                "given back any more. Edit it to change its method."
            )
        before = replace(present, method=None, legacy=True, signature=None)
        await tx.integrations.put(before)
        await tx.legacy.delete_switch(present.id)
        await note(tx, actor, "migration.undone", f"integration:{plan.name}/{present.name}")
        return Switched(integration=before, plan=plan)

    return await database.write(work)


async def _administered(
    tx: Transaction, actor: Actor, integration_id: str, *, what: str
) -> tuple[Integration, Plan]:
    require(decide_function(await actor.standing(tx), ADMIN, what=what))
    return await find_integration(tx, integration_id)


def _document(integration: Integration) -> Mapping[str, JsonValue]:
    document: dict[str, JsonValue] = _INTEGRATION.dump_python(integration, mode="json")
    return document
