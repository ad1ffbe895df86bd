"""The pages of integrations: by plan, and each with its method, its keys and its script."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final, get_args

from starlette.requests import Request
from starlette.responses import HTMLResponse

from deputize.authorisation import decide_function
from deputize.domain.decision import Grant
from deputize.domain.functions import ISSUE_KEYS
from deputize.domain.signature import Preset
from deputize.server.callers import parts_of
from deputize.server.documents.integrations import trigger_path
from deputize.server.documents.keys import IssuedKeyDocument
from deputize.server.pages.methods import METHODS
from deputize.server.pages.shell import INTEGRATIONS, shell
from deputize.server.pages.sparkline import HEIGHT, sparkline
from deputize.server.session_cookies import Guest
from deputize.store.figures import HourOfRuns
from deputize.use_cases.keys import IssuedKey, SeenKey
from deputize.use_cases.see_integrations import SeenIntegration
from deputize.use_cases.update_inbound import ISSUED, Updated

_ACTIONS: Final = {
    "CREATE_EVENT_SIMPLE": "Creates an event",
    "CREATE_EVENT": "Transforms the request, creates events",
    "RUN_SCRIPT": "Runs a script",
}
#: Of the picture of its runs.
HOURS: Final = 24
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
    request: Request,
    guest: Guest,
    seen: SeenIntegration,
    keys: Sequence[SeenKey],
    hours: Sequence[HourOfRuns],
) -> HTMLResponse:
    """Return the page of one integration, with the *keys* to it and its runs by *hours*."""
    integration = seen.integration
    return shell(
        request,
        guest,
        "integration.html",
        place=INTEGRATIONS,
        seen=seen,
        keys=keys,
        line=sparkline(hours),
        height=HEIGHT,
        methods=METHODS,
        actions=_ACTIONS,
        presets=PRESETS,
        for_others=isinstance(
            decide_function(guest.signed_in.standing, ISSUE_KEYS, what="issue a key to somebody else"), Grant
        ),
        takes_keys=integration.method in ISSUED,
        preset=(integration.signature or {}).get("preset", PRESETS[0]),
        address=f"{parts_of(request).public_url}{trigger_path(integration.id)}"
        if integration.inbound
        else None,
    )


def updated_page(request: Request, guest: Guest, seen: SeenIntegration, updated: Updated) -> HTMLResponse:
    """Return the page that says which method the integration has now, with what was issued, this once."""
    integration, method = seen.integration, METHODS[updated.method]
    acts_as = method.acts_as.replace("{you}", guest.signed_in.actor.name)
    return _issued(
        request,
        guest,
        integration_id=integration.id,
        name=integration.name,
        heading=f"Updated: {method.name}",
        notice="From now on requests are authenticated by this method, and by nothing else.",
        issued=updated.key,
        instead=updated.without or f"{method.sends} {acts_as}",
    )


def key_page(request: Request, guest: Guest, issued: IssuedKey, *, rotated: bool) -> HTMLResponse:
    """Return the page that shows a key that was *issued*, or is the successor of one, this once."""
    return _issued(
        request,
        guest,
        integration_id=issued.key.integration_id,
        name=issued.key.integration,
        heading="Key rotated" if rotated else "Key issued",
        notice="The old secret is no good any more." if rotated else "It can be used from now on.",
        issued=issued,
        instead="",
    )


def _issued(
    request: Request,
    guest: Guest,
    *,
    integration_id: str,
    name: str,
    heading: str,
    notice: str,
    issued: IssuedKey | None,
    instead: str,
) -> HTMLResponse:
    public_url = parts_of(request).public_url
    return shell(
        request,
        guest,
        "issued.html",
        place=INTEGRATIONS,
        integration_id=integration_id,
        name=name,
        heading=heading,
        notice=notice,
        issued=None if issued is None else IssuedKeyDocument.issued(issued, public_url=public_url),
        instead=instead,
        address=f"{public_url}{trigger_path(integration_id)}",
    )
