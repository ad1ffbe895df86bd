"""Keys, issued, rotated and revoked on the page of their integration."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from deputize.server.callers import Parts
from deputize.server.guests import SentForm, SignedInGuest, guest_pages
from deputize.server.pages.integrations import key_page
from deputize.server.pages.paths import local_path
from deputize.use_cases.issue_key import issue_key
from deputize.use_cases.revoke_key import revoke_key
from deputize.use_cases.rotate_key import rotate_key

router = guest_pages()


@router.post("/integrations/{integration}/keys")
async def post_key(
    *, request: Request, parts: Parts, guest: SignedInGuest, form: SentForm, integration: str
) -> Response:
    """Issue a key to oneself, or to whom the form names, and show its secret, this once."""
    actor, holder = guest.signed_in.actor, form.get("holder")
    issued = await issue_key(
        parts.database,
        actor,
        hasher=parts.hasher,
        signing=parts.signing,
        integration_id=integration,
        holder=None if holder == actor.name else holder,
    )
    return key_page(request, guest, issued, rotated=False)


@router.post("/keys/{key}/rotation")
async def post_rotation(request: Request, parts: Parts, guest: SignedInGuest, key: str) -> Response:
    """Give the key a new secret, and show it, this once; the old one ends."""
    issued = await rotate_key(
        parts.database, guest.signed_in.actor, hasher=parts.hasher, signing=parts.signing, key_id=key
    )
    return key_page(request, guest, issued, rotated=True)


@router.post("/keys/{key}/revocation")
async def post_revocation(
    *, request: Request, parts: Parts, guest: SignedInGuest, form: SentForm, key: str
) -> Response:
    """Revoke the key, and lead back to its integration."""
    await revoke_key(parts.database, guest.signed_in.actor, key_id=key)
    back = local_path(f"/integrations/{form.get('integration', '')}")
    return RedirectResponse(f"{request.scope.get('root_path', '')}{back}", HTTPStatus.SEE_OTHER)
