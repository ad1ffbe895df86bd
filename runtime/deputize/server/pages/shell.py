"""What every page for somebody who has signed in stands in: who that is, and where they may go."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse

from deputize.authorisation import decide_function
from deputize.domain.decision import Grant
from deputize.domain.functions import ADMIN, DEVELOPER
from deputize.domain.standing import Standing
from deputize.server.pages.rendering import own_page
from deputize.server.pages.times import zone_of
from deputize.server.session_cookies import Guest, theme_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page that the navigation leads to."""

    name: str
    path: str


ACTIVITY: Final = Place(name="Activity", path="/")
INTEGRATIONS: Final = Place(name="Integrations", path="/integrations")
DEAD_LETTERS: Final = Place(name="Dead letters", path="/dead-letters")


def places_for(standing: Standing) -> Sequence[Place]:
    """Return where the navigation leads *standing*: what would only refuse them is left out."""
    places = [ACTIVITY]
    if isinstance(decide_function(standing, DEVELOPER, ADMIN, what="see integrations"), Grant):
        places.append(INTEGRATIONS)
    return [*places, DEAD_LETTERS]


def shell(
    request: Request,
    guest: Guest,
    template: str,
    *,
    place: Place,
    status: HTTPStatus = HTTPStatus.OK,
    **values: Any,
) -> HTMLResponse:
    """Return the page of *template*, which belongs to *place*, for *guest*."""
    return own_page(template, status=status, **surroundings(request, guest), place=place, **values)


def surroundings(request: Request, guest: Guest) -> dict[str, Any]:
    """Return what every page says to *guest*, and what the parts of one need."""
    signed_in = guest.signed_in
    return {
        "at": request.scope.get("root_path", ""),
        "here": here(request),
        "theme": theme_of(request),
        "who": signed_in.person,
        "form_token": guest.form_token,
        "places": places_for(signed_in.standing),
        "zone": zone_of(signed_in.person.timezone),
    }


def here(request: Request) -> str:
    """Return the path of *request* with its query, below where the application has been mounted."""
    path = request.url.path.removeprefix(request.scope.get("root_path", "")) or "/"
    return f"{path}?{request.url.query}" if request.url.query else path
