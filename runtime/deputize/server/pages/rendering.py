"""Makes pages of templates: everything that stands in them is text, and no script runs but our own files.

A browser sends the forms of a page to us alone. From a page of OAuth it is led on to the address of the
client that has asked, which the policy has to name: browsers hold the way on after a form against it as well.
"""

import re
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from deputize.server.pages import assets, times

_TEMPLATES: Final = Path(__file__).parent / "templates"
_HTTPS: Final = re.compile(r"https://[a-z0-9.\-]+(?::[0-9]+)?")
_LOOPBACK: Final = re.compile(r"http://127\.0\.0\.1(?::[0-9]+)?(?=[/?]|$)")
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.\-]*:")
#: Of pages for people who have signed in.
_OWN: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

_environment: Final = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters |= {"duration": times.duration, "moment": times.moment}


def page(
    template: str, *, status: HTTPStatus = HTTPStatus.OK, leads_to: str | None = None, **values: Any
) -> HTMLResponse:
    """Return the page of *template* without a script; its form may lead on to *leads_to*, if at all.

    It stands one folder below where the application has been mounted.
    """
    content = fragment(template, at="..", **values)
    return HTMLResponse(content, status, headers={"Content-Security-Policy": policy(leads_to)})


def own_page(template: str, *, status: HTTPStatus = HTTPStatus.OK, at: str, **values: Any) -> HTMLResponse:
    """Return the page of *template*, with our scripts; *at* is where the application has been mounted."""
    headers = {"Content-Security-Policy": _OWN, "Cross-Origin-Opener-Policy": "same-origin"}
    return HTMLResponse(fragment(template, at=at, **values), status, headers=headers)


def fragment(template: str, *, at: str, **values: Any) -> str:
    """Return *template* filled with *values*."""
    given = {"theme": None, **values}
    return _environment.get_template(template).render(at=at, assets=f"{at}{assets.PREFIX}", **given)


def policy(leads_to: str | None) -> str:
    """Return what a browser may do with a page whose form may lead on to *leads_to*, a redirect URI."""
    allowed = "'none'" if leads_to is None else f"'self' {_source(leads_to)}"
    return (
        f"default-src 'none'; style-src 'self'; img-src 'self'; form-action {allowed}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def _source(uri: str) -> str:
    """Return the narrowest source that a policy can say for *uri*: an IPv6 address it cannot."""
    found = _HTTPS.match(uri) or _LOOPBACK.match(uri) or _SCHEME.match(uri)
    if found is None:
        raise ValueError("no redirect URI that can have been registered")
    return found[0]
