"""The audit stream."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from deputize.server.ascii_json import AsciiJson
from deputize.server.callers import Caller, Parts
from deputize.server.documents.audit import AuditDocument, AuditRecords
from deputize.server.moments import Moment
from deputize.server.paging import Paging
from deputize.server.routes.operations import operations
from deputize.use_cases.see_audit import AuditFilter, see_audit

router = operations("Audit")

_Words = Annotated[str | None, Query(max_length=200)]


@router.get("/audit", operation_id="listAudit", response_model=AuditRecords)
async def list_audit(
    *,
    parts: Parts,
    caller: Caller,
    page: Paging,
    actor: _Words = None,
    action: _Words = None,
    target: _Words = None,
    since: Moment = None,
    until: Moment = None,
) -> Response:
    """Return who did what, when and from where, the newest first."""
    wanted = AuditFilter(actor=actor, action=action, target=target, since=since, until=until)
    before = None if page.after is None else int(page.after[0])
    found = await see_audit(parts.database, caller, wanted=wanted, before=before, limit=page.limit + 1)
    shown = page.cut(found)
    documents = [AuditDocument.of(each).model_dump(mode="json") for each in shown]
    headers = page.headers(found, [shown[-1].position] if shown else None)
    return AsciiJson({"data": documents}, headers=headers)
