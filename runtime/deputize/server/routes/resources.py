"""What the scripts of a plan use: constants, endpoints, secrets, shared libraries."""

from http import HTTPStatus

from deputize.server.callers import Caller, Parts
from deputize.server.documents.resources import (
    ConstantDocument,
    Constants,
    EndpointDocument,
    Endpoints,
    Libraries,
    LibraryDocument,
    SecretDocument,
    Secrets,
    SentConstant,
    SentEndpoint,
    SentLibrary,
    SentSecret,
)
from deputize.server.routes.operations import may_answer, operations
from deputize.use_cases.set_constant import delete_constant, see_constants, set_constant
from deputize.use_cases.set_endpoint import delete_endpoint, see_endpoints, set_endpoint
from deputize.use_cases.set_library import delete_library, see_libraries, set_library
from deputize.use_cases.set_secret import delete_secret, see_secrets, set_secret

router = operations("Resources of plans")

_DONE = HTTPStatus.NO_CONTENT


@router.get("/plans/{plan}/constants", operation_id="listConstants", responses=may_answer(404))
async def list_constants(parts: Parts, caller: Caller, plan: str) -> Constants:
    """Return the constants of the plan, by name."""
    found = await see_constants(parts.database, caller, plan=plan)
    return Constants(data=[ConstantDocument(name=name, value=value) for name, value in found.items()])


@router.put(
    "/plans/{plan}/constants/{name}",
    operation_id="setConstant",
    status_code=_DONE,
    responses=may_answer(404),
)
async def put_constant(parts: Parts, caller: Caller, plan: str, name: str, body: SentConstant) -> None:
    """Give a constant a value, which the next run has."""
    await set_constant(parts.database, caller, plan=plan, name=name, value=body.value)


@router.delete(
    "/plans/{plan}/constants/{name}",
    operation_id="deleteConstant",
    status_code=_DONE,
    responses=may_answer(404),
)
async def remove_constant(parts: Parts, caller: Caller, plan: str, name: str) -> None:
    """Delete a constant."""
    await delete_constant(parts.database, caller, plan=plan, name=name)


@router.get("/plans/{plan}/endpoints", operation_id="listEndpoints", responses=may_answer(404))
async def list_endpoints(parts: Parts, caller: Caller, plan: str) -> Endpoints:
    """Return what the plan's scripts may call, by name."""
    found = await see_endpoints(parts.database, caller, plan=plan)
    return Endpoints(data=[EndpointDocument.of(each) for each in found])


@router.put(
    "/plans/{plan}/endpoints/{name}",
    operation_id="setEndpoint",
    status_code=_DONE,
    responses=may_answer(404),
)
async def put_endpoint(parts: Parts, caller: Caller, plan: str, name: str, body: SentEndpoint) -> None:
    """Define an endpoint of the plan."""
    await set_endpoint(parts.database, caller, plan=plan, name=name, definition=body.definition)


@router.delete(
    "/plans/{plan}/endpoints/{name}",
    operation_id="deleteEndpoint",
    status_code=_DONE,
    responses=may_answer(404),
)
async def remove_endpoint(parts: Parts, caller: Caller, plan: str, name: str) -> None:
    """Delete an endpoint of the plan."""
    await delete_endpoint(parts.database, caller, plan=plan, name=name)


@router.get("/plans/{plan}/secrets", operation_id="listSecrets", responses=may_answer(404))
async def list_secrets(parts: Parts, caller: Caller, plan: str) -> Secrets:
    """Return the secrets that the plan's scripts may use, by name, without their values."""
    found = await see_secrets(parts.database, caller, plan=plan)
    return Secrets(data=[SecretDocument.of(each) for each in found])


@router.put(
    "/plans/{plan}/secrets/{name}",
    operation_id="setSecret",
    status_code=_DONE,
    responses=may_answer(404),
)
async def put_secret(parts: Parts, caller: Caller, plan: str, name: str, body: SentSecret) -> None:
    """Give a secret a value, or other endpoints that it may be sent to. Nobody can read the value again."""
    await set_secret(
        parts.database, caller, sealer=parts.sealer, plan=plan, name=name, change=body.change(name)
    )


@router.delete(
    "/plans/{plan}/secrets/{name}",
    operation_id="deleteSecret",
    status_code=_DONE,
    responses=may_answer(404, 409),
)
async def remove_secret(parts: Parts, caller: Caller, plan: str, name: str) -> None:
    """Delete a secret."""
    await delete_secret(parts.database, caller, plan=plan, name=name)


@router.get("/plans/{plan}/libraries", operation_id="listLibraries", responses=may_answer(404))
async def list_libraries(parts: Parts, caller: Caller, plan: str) -> Libraries:
    """Return the shared libraries of the plan, by name."""
    found = await see_libraries(parts.database, caller, plan=plan)
    return Libraries(data=[LibraryDocument.of(each) for each in found])


@router.put(
    "/plans/{plan}/libraries/{name}",
    operation_id="setLibrary",
    status_code=_DONE,
    responses=may_answer(404),
)
async def put_library(parts: Parts, caller: Caller, plan: str, name: str, body: SentLibrary) -> None:
    """Save a shared library; it is checked, and nothing of it is executed."""
    await set_library(parts.database, caller, checker=parts.checker, plan=plan, name=name, source=body.source)


@router.delete(
    "/plans/{plan}/libraries/{name}",
    operation_id="deleteLibrary",
    status_code=_DONE,
    responses=may_answer(404),
)
async def remove_library(parts: Parts, caller: Caller, plan: str, name: str) -> None:
    """Delete a shared library; scripts that import it can no longer run."""
    await delete_library(parts.database, caller, plan=plan, name=name)
