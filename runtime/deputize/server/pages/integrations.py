"""The pages of integrations: by plan, and each with its method, its keys and its script."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final, get_args

from starlette.requests import Request
from starlette.responses import HTMLResponse

from deputize.domain.signature import Preset
from deputize.server.callers import parts_of
from deputize.server.documents.integrations import trigger_path
from deputize.server.documents.keys import IssuedKeyDocument
from deputize.server.pages.methods import METHODS
from deputize.server.pages.shell import INTEGRATIONS, shell
from deputize.server.session_cookies import Guest
from deputize.use_cases.keys import SeenKey
from deputize.use_cases.see_integrations import SeenIntegration
from deputize.use_cases.update_inbound import Updated

_ACTIONS: Final = {
    "CREATE_EVENT_SIMPLE": "Creates an event",
    "CREATE_EVENT": "Transforms the request, creates events",
    "RUN_SCRIPT": "Runs a script",
}
#: Those that need nothing more to be said; ``hmac`` is described in the project or by the API.
PRESETS: Final = tuple(each for each in get_args(Preset) if each != "hmac")


def integrations_page(request: Request, guest: Guest, seen: Sequence[SeenIntegration]) -> HTMLResponse:
    """Return the page of all integrations in *seen*, by plan."""
    by_plan = sorted(seen, key=lambda each: (each.plan, each.integration.name))
    return shell(
        request,
        guest,
        "integrations.html",
        place=INTEGRATIONS,
        plans=[(plan, list(those)) for plan, those in groupby(by_plan, key=lambda each: each.plan)],
        methods=METHODS,
        actions=_ACTIONS,
    )


def integration_page(
    request: Request, guest: Guest, seen: SeenIntegration, keys: Sequence[SeenKey]
) -> HTMLResponse:
    """Return the page of one integration, with the *keys* to it."""
    integration = seen.integration
    return shell(
        request,
        guest,
        "integration.html",
        place=INTEGRATIONS,
        seen=seen,
        keys=keys,
        methods=METHODS,
        actions=_ACTIONS,
        presets=PRESETS,
        preset=(integration.signature or {}).get("preset", PRESETS[0]),
        address=f"{parts_of(request).public_url}{trigger_path(integration.id)}"
        if integration.inbound
        else None,
    )


def updated_page(request: Request, guest: Guest, seen: SeenIntegration, updated: Updated) -> HTMLResponse:
    """Return the page that shows what was issued, this once."""
    public_url = parts_of(request).public_url
    issued = None if updated.key is None else IssuedKeyDocument.issued(updated.key, public_url=public_url)
    return shell(
        request,
        guest,
        "updated.html",
        place=INTEGRATIONS,
        seen=seen,
        method=METHODS[updated.method],
        issued=issued,
        without=updated.without,
        address=f"{public_url}{trigger_path(seen.integration.id)}",
    )
