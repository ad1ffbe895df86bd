"""Plans as files: exported, and imported."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Annotated, Final, Literal

from fastapi import Query, Request
from starlette.responses import Response

from deputize.server.callers import Caller, Parts
from deputize.server.documents.plan_files import ImportDocument
from deputize.server.problems import Misplaced, Problem
from deputize.server.routes.operations import may_answer, operations
from deputize.use_cases.errors import Invalid
from deputize.use_cases.export_plan import export_plan
from deputize.use_cases.import_plan import ImportOptions, KeepLegacy, import_plan

router = operations("Plans and forms")

_ZIP: Final = "application/zip"
_CONTENT: Final = {"content": {_ZIP: {"schema": {"type": "string", "format": "binary"}}}}
_UNUSABLE: Final = "One value of the request cannot be used; see errors."


class ZipResponse(Response):
    """A zip."""

    media_type = _ZIP


@router.get(
    "/plans/{plan}/export",
    operation_id="exportPlan",
    response_class=ZipResponse,
    responses={200: {"description": "The plan as a zip.", **_CONTENT}, **may_answer(404)},
)
async def get_export(parts: Parts, caller: Caller, plan: str) -> ZipResponse:
    """Return the plan of that id or name as a file, without a secret, a key or a person."""
    exported = await export_plan(parts.database, caller, plan=plan)
    return ZipResponse(exported.data, headers={"Content-Disposition": 'attachment; filename="plan.zip"'})


@router.post(
    "/plans/import",
    operation_id="importPlan",
    status_code=HTTPStatus.CREATED,
    responses=may_answer(409),
    openapi_extra={"requestBody": {**_CONTENT, "required": True}},
)
async def post_import(
    request: Request,
    parts: Parts,
    caller: Caller,
    *,
    name: Annotated[str | None, Query(max_length=200)] = None,
    dry_run: bool = False,
    keep_legacy: bool = False,
    authentication: Literal["on", "off"] | None = None,
    owner: Annotated[str | None, Query(max_length=200)] = None,
    no_owner: bool = False,
) -> ImportDocument:
    """Import the plan in the body; return what was made, and what is to be done.

    With *keep_legacy* integrations from before there were methods go on as they were; *authentication* then
    says whether the plan had it on, and exactly one of *owner* and *no_owner* as whom they call.
    """
    keep = _keep_legacy(authentication, owner, wanted=keep_legacy, nobody=no_owner)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _ZIP:
        raise Problem("MEDIA_TYPE_REFUSED", f"Send the body with Content-Type: {_ZIP}.")
    with _told_by_parameter():
        report = await import_plan(
            parts.database,
            caller,
            checker=parts.checker,
            hasher=parts.passwords,
            data=await request.body(),
            options=ImportOptions(name=name, keep_legacy=keep, dry_run=dry_run),
        )
    return ImportDocument.of(report)


def _keep_legacy(
    authentication: Literal["on", "off"] | None, owner: str | None, *, wanted: bool, nobody: bool
) -> KeepLegacy | None:
    if not wanted:
        for name, given in (("authentication", authentication), ("owner", owner), ("no_owner", nobody)):
            if given:
                raise _misplaced(name, "It goes with keep_legacy alone.")
        return None
    if authentication is None:
        raise _misplaced("authentication", 'Say "on" or "off": what the plan had decides who may call.')
    if (owner is None) != nobody:
        raise _misplaced("owner", "Give exactly one of owner and no_owner.")
    return KeepLegacy(authenticated=authentication == "on", owner=owner)


@contextmanager
def _told_by_parameter() -> Iterator[None]:
    """Tell the faults of what stands in the query by the names that it has there."""
    try:
        yield
    except Invalid as error:
        faults = [
            Misplaced(place="parameter", name=each.pointer.strip("/"), detail=each.detail)
            for each in error.faults
        ]
        raise Problem("INVALID", _UNUSABLE, faults=faults) from None


def _misplaced(name: str, detail: str) -> Problem:
    fault = Misplaced(place="parameter", name=name, detail=detail)
    return Problem("INVALID", _UNUSABLE, faults=[fault])
