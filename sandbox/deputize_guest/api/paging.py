"""Where ``links.next`` of a page leads to, as a path below the same endpoint."""

from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from deputize_guest.api.http_request import HttpRequest
from deputize_guest.api.http_response import Response


def next_page(request: HttpRequest, response: Response) -> HttpRequest | None:
    """Return the request for the page after *response*, or None when it is the last one.

    ``links.next`` may be relative or a full address. One that leads to another origin stays as it is,
    and is for the host to refuse.
    """
    link = _link(response)
    if link is None:
        return None
    here = urlsplit(response.url)
    there = urlsplit(urljoin(response.url, link))
    following = HttpRequest(
        request.method, link, endpoint=request.endpoint, headers=request.headers, timeout=request.timeout
    )
    if (there.scheme, there.netloc) == (here.scheme, here.netloc):
        # The link is written from the root of the origin, a path from the endpoint's base URL.
        prefix = here.path.removesuffix(urlsplit(request.path).path.lstrip("/")).rstrip("/")
        inside = there.path == prefix or there.path.startswith(f"{prefix}/")
        following.path = there.path[len(prefix) :] if inside else there.path
        following.params = parse_qsl(there.query, keep_blank_values=True)
    return following


def _link(response: Response) -> str | None:
    if not response.ok:
        return None
    try:
        page: Any = response.json()
    except ValueError:
        return None
    links = page.get("links") if isinstance(page, dict) else None
    link = links.get("next") if isinstance(links, dict) else None
    return link if isinstance(link, str) and link else None
