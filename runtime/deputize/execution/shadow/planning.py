"""What a request would be at the platform, without a secret in it and without being sent."""

from urllib.parse import quote, urlencode

from deputize.platform.interface import PlannedRequest
from deputize_client import OutboundRequest, shown_request

#: What may stand in a path and its query as it is; a percent sign has been encoded already.
_AS_IT_IS = "/?:@!$&'()*+,;=-._~%[]"


def planned(request: OutboundRequest, *, run_id: str) -> PlannedRequest:
    """Return *request* as it is to be judged; a secret is a mark in it, whose length nobody judges."""
    shown = shown_request(request)
    path = quote(request.path, safe=_AS_IT_IS)
    query = urlencode(shown.params)
    if query:
        path = f"{path}{'&' if '?' in path else '?'}{query}"
    named = [value for name, value in shown.headers if name.lower() == "content-type"]
    return PlannedRequest(
        method=request.method.upper(),
        path=path,
        content_type=named[0] if named else request.content_type or "",
        body=shown.content or b"",
        run_id=run_id,
    )
