"""The pages of integrations, and the choice of a method."""

from typing import get_args

from starlette.requests import Request
from starlette.responses import Response

from deputize.domain.integration import Method
from deputize.domain.signature import SignatureScheme
from deputize.oauth.parameters import Parameters
from deputize.server.callers import Parts
from deputize.server.guests import SentForm, SignedInGuest, guest_pages
from deputize.server.pages.integrations import (
    HOURS,
    PRESETS,
    integration_page,
    integrations_page,
    updated_page,
)
from deputize.server.problems import Misplaced, Problem
from deputize.use_cases.see_integrations import see_hours, see_integration, see_integrations
from deputize.use_cases.see_keys import see_keys
from deputize.use_cases.update_inbound import update_inbound

router = guest_pages()


@router.get("/integrations")
async def get_integrations(request: Request, parts: Parts, guest: SignedInGuest) -> Response:
    """Show the integrations of the plans that one edits."""
    return integrations_page(request, guest, await see_integrations(parts.database, guest.signed_in.actor))


@router.get("/integrations/{integration}")
async def get_integration(request: Request, parts: Parts, guest: SignedInGuest, integration: str) -> Response:
    """Show one integration."""
    actor = guest.signed_in.actor
    seen = await see_integration(parts.database, actor, integration_id=integration)
    keys = await see_keys(parts.database, actor, integration_id=integration)
    hours = await see_hours(parts.database, actor, integration_id=integration, hours=HOURS)
    return integration_page(request, guest, seen, keys, hours)


@router.post("/integrations/{integration}")
async def post_integration(
    *, request: Request, parts: Parts, guest: SignedInGuest, form: SentForm, integration: str
) -> Response:
    """Give the integration the method that was chosen, and show what was issued, this once."""
    actor, method = guest.signed_in.actor, _method(form)
    updated = await update_inbound(
        parts.database,
        actor,
        hasher=parts.hasher,
        signing=parts.signing,
        integration_id=integration,
        method=method,
        signature=_scheme(form) if method == "signature" else None,
    )
    seen = await see_integration(parts.database, actor, integration_id=integration)
    return updated_page(request, guest, seen, updated)


def _method(form: Parameters) -> Method:
    for known in get_args(Method):
        if form.get("method") == known:
            return known  # type: ignore[no-any-return] # one of the literals
    raise _unusable("method", "Select an authentication method.")


def _scheme(form: Parameters) -> SignatureScheme | None:
    """Return the scheme that was chosen; None: the one that there is stays."""
    preset = form.get("preset", "")
    if preset == "present":
        return None
    if preset not in PRESETS:
        raise _unusable("preset", "Select how requests are signed.")
    return SignatureScheme.model_validate({"preset": preset})


def _unusable(name: str, detail: str) -> Problem:
    fault = Misplaced(place="parameter", name=name, detail=detail)
    return Problem("INVALID", "The integration was not updated; see below.", faults=[fault])
