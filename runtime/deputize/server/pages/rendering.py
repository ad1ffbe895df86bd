"""Makes pages of templates: everything that stands in them is text, and no script runs.

The one style sheet stands in the page; the policy names it by its hash. A browser sends the form to us
alone, and is led on from here to the address of the client that has asked, which the policy has to name:
browsers hold the way on after a form against it as well.
"""

import base64
import hashlib
import re
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

_TEMPLATES: Final = Path(__file__).parent / "templates"
_STYLE: Final = (_TEMPLATES / "style.css").read_text(encoding="utf-8")
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HTTPS: Final = re.compile(r"https://[a-z0-9.\-]+(?::[0-9]+)?")
_LOOPBACK: Final = re.compile(r"http://127\.0\.0\.1(?::[0-9]+)?(?=[/?]|$)")
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.\-]*:")

_environment: Final = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(
    template: str, *, status: HTTPStatus = HTTPStatus.OK, leads_to: str | None = None, **values: Any
) -> HTMLResponse:
    """Return the page of *template*, filled with *values*; its form may lead on to *leads_to*."""
    content = _environment.get_template(template).render(style=_STYLE, **values)
    return HTMLResponse(content, status, headers={"Content-Security-Policy": policy(leads_to)})


def policy(leads_to: str | None) -> str:
    """Return what a browser may do with a page whose form may lead on to *leads_to*, a redirect URI."""
    allowed = "'none'" if leads_to is None else f"'self' {_source(leads_to)}"
    return (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action {allowed}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def _source(uri: str) -> str:
    """Return the narrowest source that a policy can say for *uri*: an IPv6 address it cannot."""
    found = _HTTPS.match(uri) or _LOOPBACK.match(uri) or _SCHEME.match(uri)
    if found is None:
        raise ValueError("no redirect URI that can have been registered")
    return found[0]
