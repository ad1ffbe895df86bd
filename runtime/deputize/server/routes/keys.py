"""Keys, of whatever integration: listed, rotated, revoked."""

from datetime import timedelta
from http import HTTPStatus

from deputize.server.callers import Caller, Parts
from deputize.server.documents.keys import IssuedKeyDocument, KeyDocument, Keys, SentRotation
from deputize.server.routes.operations import may_answer, operations
from deputize.use_cases.revoke_key import revoke_key
from deputize.use_cases.rotate_key import rotate_key
from deputize.use_cases.see_keys import see_keys

router = operations("Keys")


@router.get("/keys", operation_id="listKeys", responses=may_answer(404))
async def list_keys(
    parts: Parts, caller: Caller, user: str | None = None, integration: str | None = None
) -> Keys:
    """Return one's own keys and those that one administers, the newest first."""
    keys = await see_keys(parts.database, caller, integration_id=integration, holder=user)
    return Keys(data=[KeyDocument.of(each) for each in keys])


@router.delete(
    "/keys/{key}",
    operation_id="revokeKey",
    status_code=HTTPStatus.NO_CONTENT,
    responses=may_answer(404),
)
async def delete_key(parts: Parts, caller: Caller, key: str) -> None:
    """Revoke the key: from the next request on it opens nothing."""
    await revoke_key(parts.database, caller, key_id=key)


@router.post(
    "/keys/{key}/rotate",
    operation_id="rotateKey",
    status_code=HTTPStatus.CREATED,
    responses=may_answer(404, 409),
)
async def post_rotation(
    parts: Parts, caller: Caller, key: str, body: SentRotation | None = None
) -> IssuedKeyDocument:
    """Give the key a new secret, which is shown only now; the old one ends, at once or after an overlap."""
    rotation = body or SentRotation()
    issued = await rotate_key(
        parts.database,
        caller,
        hasher=parts.hasher,
        signing=parts.signing,
        key_id=key,
        overlap=timedelta(seconds=rotation.overlap_seconds),
        given=rotation.given,
    )
    return IssuedKeyDocument.issued(issued, public_url=parts.public_url)
