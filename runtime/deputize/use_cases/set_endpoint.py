"""Sets and deletes the endpoints of a plan: what its scripts may call, and with which proof."""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network
from typing import Any, Final, TypeAlias

from pydantic import JsonValue, ValidationError

from deputize.authorisation import decide_function
from deputize.domain.endpoint import EVERY_PLAN, StoredEndpoint
from deputize.domain.functions import ADMIN
from deputize.domain.plan import Plan
from deputize.domain.standing import Standing
from deputize.project.sections.endpoints import EndpointSection, OAuth2Auth
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import Fault, Invalid, NotFound, require
from deputize.use_cases.finding import developed_plan
from deputize.use_cases.names import refuse_unfit_name

Networks: TypeAlias = tuple[IPv4Network | IPv6Network, ...]

_PLATFORM: Final = "platform"
_OURS: Final = "Value error, "


async def set_endpoint(
    database: Database, actor: Actor, *, plan: str, name: str, definition: Mapping[str, JsonValue]
) -> None:
    """Define the endpoint *name* of a plan, as ``[plans.P.endpoints.NAME]`` would.

    A secret that belongs to the whole deployment, or whose value whoever operates it provides, may be named
    by who administers it, not by the developers of one plan: they decide where the endpoint is. Likewise
    private networks are opened by who administers the deployment, whose networks they are.
    """
    refuse_unfit_name(name)
    if name == _PLATFORM:
        raise Invalid(Fault(pointer="/name", detail="This name is the platform's own; choose another one."))
    section = _section(definition)

    async def work(tx: Transaction) -> None:
        standing = await actor.standing(tx)
        found = await developed_plan(tx, standing, plan)
        # Or a secret that is looked at here could be deleted at the same time.
        await tx.plans.hold(found.id)
        await _refuse_borrowing(tx, standing, found, name, section)
        await _refuse_opening(tx, standing, found, name, section)
        await tx.endpoints.put(
            StoredEndpoint(
                scope=found.id, name=name, definition=section.model_dump(mode="json", exclude_unset=True)
            )
        )
        await note(
            tx,
            actor,
            "endpoint.set",
            f"endpoint:{found.name}/{name}",
            base_url=section.base_url,
            auth=section.auth.type,
        )

    await database.write(work)


async def delete_endpoint(database: Database, actor: Actor, *, plan: str, name: str) -> None:
    """Delete the endpoint *name* of a plan; one of every plan shows again where it was hidden."""

    async def work(tx: Transaction) -> None:
        found = await developed_plan(tx, await actor.standing(tx), plan)
        if not await tx.endpoints.delete(found.id, name):
            raise NotFound("endpoint", name)
        await note(tx, actor, "endpoint.deleted", f"endpoint:{found.name}/{name}")

    await database.write(work)


async def see_endpoints(database: Database, actor: Actor, *, plan: str) -> list[StoredEndpoint]:
    """Return what a plan's scripts may call, by name; secrets are named in them and stand elsewhere."""

    async def work(tx: Transaction) -> list[StoredEndpoint]:
        found = await developed_plan(tx, await actor.standing(tx), plan)
        return await tx.endpoints.of_plan(found.id)

    return await database.read(work)


def _section(definition: Mapping[str, JsonValue]) -> EndpointSection:
    try:
        section = EndpointSection.model_validate(definition)
    except ValidationError as error:
        raise Invalid(
            *(
                Fault(pointer=_pointer(definition, each["loc"]), detail=_sentence(each["msg"]))
                for each in error.errors(include_url=False, include_input=False)
            )
        ) from None
    if section.stand_in is not None:
        raise Invalid(Fault(pointer="/stand_in", detail="Stand-ins are files of a project and set in it."))
    return section


async def _refuse_borrowing(
    tx: Transaction, standing: Standing, plan: Plan, name: str, section: EndpointSection
) -> None:
    """Raise unless all that would be sent there is the plan's own, or the actor is an administrator."""
    kept = [*await tx.secrets.in_scope(EVERY_PLAN), *await tx.secrets.in_scope(plan.id)]
    # What is not sealed here stands in the settings of whoever operates the deployment.
    own = {each.name for each in kept if each.scope == plan.id and each.sealed}
    others = [each for each in kept if each.scope == EVERY_PLAN or not each.sealed]
    if own.issuperset(section.secrets) and not any(name in each.endpoints for each in others):
        return
    require(decide_function(standing, ADMIN, what="send a secret of the whole deployment to this endpoint"))


async def _refuse_opening(
    tx: Transaction, standing: Standing, plan: Plan, name: str, section: EndpointSection
) -> None:
    """Raise unless the private networks are those that it has, or none, or the actor is an administrator."""
    present = await tx.endpoints.get(plan.id, name)
    opened = ((), ()) if present is None else _networks(EndpointSection.model_validate(present.definition))
    if all(new in ((), old) for new, old in zip(_networks(section), opened, strict=True)):
        return
    require(decide_function(standing, ADMIN, what="open a private network to this endpoint"))


def _networks(section: EndpointSection) -> tuple[Networks, Networks]:
    """Return the private networks of the endpoint, and of where its tokens come from."""
    return section.networks, section.auth.networks if isinstance(section.auth, OAuth2Auth) else ()


def _pointer(definition: Any, location: Sequence[str | int]) -> str:
    """Return the JSON Pointer to a fault: pydantic's place, without the kinds of a union."""
    parts: list[str] = []
    present = definition
    for index, part in enumerate(location):
        if isinstance(present, Mapping):
            if part not in present and index < len(location) - 1:
                continue
            present = present.get(part)
        elif isinstance(present, list) and isinstance(part, int) and part < len(present):
            present = present[part]
        else:
            break
        parts.append(str(part).replace("~", "~0").replace("/", "~1"))
    return "".join(f"/{part}" for part in parts)


def _sentence(message: str) -> str:
    text = message.removeprefix(_OURS)
    return f"{text[:1].upper()}{text[1:]}."
