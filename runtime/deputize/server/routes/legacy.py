"""Legacy integrations of a plan: on what terms they go on."""

from deputize.server.callers import Caller, Parts
from deputize.server.documents.legacy import LegacyDocument, SentOwner, SentPair
from deputize.server.routes.operations import may_answer, operations
from deputize.use_cases.legacy_terms import set_owner, set_pair
from deputize.use_cases.see_legacy import see_legacy

router = operations("Legacy integrations")


@router.get("/plans/{plan}/legacy", operation_id="getLegacyTerms", responses=may_answer(404))
async def get_legacy(parts: Parts, caller: Caller, plan: str) -> LegacyDocument:
    """Return on what terms the plan's legacy integrations go on, and which are left."""
    return LegacyDocument.of(await see_legacy(parts.database, caller, plan=plan))


@router.put("/plans/{plan}/legacy/owner", operation_id="setEndpointOwner", responses=may_answer(404, 409))
async def put_owner(parts: Parts, caller: Caller, plan: str, body: SentOwner) -> LegacyDocument:
    """Say as whom the plan's legacy integrations call the platform; 409 where none is left."""
    await set_owner(parts.database, caller, plan=plan, owner=body.owner)
    return LegacyDocument.of(await see_legacy(parts.database, caller, plan=plan))


@router.put("/plans/{plan}/legacy/pair", operation_id="setLegacyPair", responses=may_answer(404, 409))
async def put_pair(parts: Parts, caller: Caller, plan: str, body: SentPair) -> LegacyDocument:
    """Give the plan another pair for its legacy integrations; the old one is no good at once."""
    await set_pair(
        parts.database,
        caller,
        hasher=parts.passwords,
        plan=plan,
        name=body.name,
        password=body.password,
    )
    return LegacyDocument.of(await see_legacy(parts.database, caller, plan=plan))
