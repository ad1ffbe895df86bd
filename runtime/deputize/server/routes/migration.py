"""The way over from legacy integrations: report, shadow, switch, undo."""

from deputize.server.callers import Caller, Parts
from deputize.server.documents.migration import (
    MigrationReport,
    SentShadow,
    SentSwitch,
    ShadowDocument,
    SwitchedDocument,
)
from deputize.server.routes.operations import may_answer, operations
from deputize.use_cases.migration.report import report_migration
from deputize.use_cases.migration.shadows import end_shadow, see_shadow, start_shadow
from deputize.use_cases.migration.switching import switch_over, undo_switch

router = operations("Migration")


@router.get("/migration", operation_id="reportMigration", responses=may_answer(404))
async def report(parts: Parts, caller: Caller, plan: str | None = None) -> MigrationReport:
    """Return where the integrations of a plan stand, or of every plan that the caller edits."""
    found = await report_migration(parts.database, caller, foresight=parts.foresight, plan=plan)
    return MigrationReport.of(found)


@router.get("/migration/{integration}/shadow", operation_id="getShadow", responses=may_answer(404))
async def get_shadow(parts: Parts, caller: Caller, integration: str) -> ShadowDocument:
    """Return the shadow of a legacy integration, ended or not, with what it has found."""
    return ShadowDocument.of(await see_shadow(parts.database, caller, integration_id=integration))


@router.put("/migration/{integration}/shadow", operation_id="startShadow", responses=may_answer(404, 409))
async def put_shadow(parts: Parts, caller: Caller, integration: str, body: SentShadow) -> ShadowDocument:
    """Have the calls of a legacy integration judged as somebody else's as well, from the next run on."""
    seen = await start_shadow(
        parts.database, caller, integration_id=integration, user=body.user, days=body.days
    )
    return ShadowDocument.of(seen)


@router.delete("/migration/{integration}/shadow", operation_id="endShadow", responses=may_answer(404))
async def delete_shadow(parts: Parts, caller: Caller, integration: str) -> ShadowDocument:
    """End the shadow of an integration; what it found stays."""
    return ShadowDocument.of(await end_shadow(parts.database, caller, integration_id=integration))


@router.post(
    "/migration/{integration}/switch", operation_id="switchIntegration", responses=may_answer(404, 409)
)
async def post_switch(parts: Parts, caller: Caller, integration: str, body: SentSwitch) -> SwitchedDocument:
    """Give a legacy integration its method, and somebody a key to it, whose secret is shown only now."""
    switched = await switch_over(
        parts.database,
        caller,
        hasher=parts.hasher,
        signing=parts.signing,
        integration_id=integration,
        method=body.method,
        signature=body.signature,
        holder=body.holder,
        confirmed=body.confirmed,
    )
    return SwitchedDocument.of(switched, public_url=parts.public_url)


@router.post("/migration/{integration}/undo", operation_id="undoSwitch", responses=may_answer(404, 409))
async def post_undo(parts: Parts, caller: Caller, integration: str) -> SwitchedDocument:
    """Give an integration back as it was before it was switched over, unless it was edited since."""
    undone = await undo_switch(parts.database, caller, integration_id=integration)
    return SwitchedDocument.of(undone, public_url=parts.public_url)
