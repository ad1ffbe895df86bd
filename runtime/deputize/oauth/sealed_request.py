"""An authorization request on its way through the page: signed, and good for a few minutes.

What the form brings back is what was judged before the page was shown, and nothing that a browser was made
to send instead. It is good for nothing else, and nothing else that we sign is good for it.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final

from itsdangerous import BadSignature, URLSafeSerializer

from deputize.oauth.authorization_request import AuthorizationRequest

#: For so long a page that asks may stand open.
LIFETIME: Final = timedelta(minutes=10)
#: What ours look like. What is no base64 in between would otherwise be read over.
_OURS: Final = re.compile(r"[A-Za-z0-9_.-]{1,10000}")


class RequestSeal:
    """Signs requests under a key of the deployment's own."""

    def __init__(self, key: bytes, *, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._serializer = URLSafeSerializer(
            key, salt="authorization request", signer_kwargs={"digest_method": hashlib.sha256}
        )

    def seal(self, request: AuthorizationRequest) -> str:
        """Return the text for *request* that the form carries."""
        until = (self._clock() + LIFETIME).timestamp()
        return str(self._serializer.dumps([until, {**asdict(request), "scope": sorted(request.scope)}]))

    def unseal(self, text: str) -> AuthorizationRequest | None:
        """Return the request that *text* was made for; None when it was made by nobody, or too long ago."""
        try:
            until, values = self._serializer.loads(text if _OURS.fullmatch(text) else "")
        except BadSignature:
            return None
        if self._clock().timestamp() >= until:
            return None
        return AuthorizationRequest(**{**values, "scope": frozenset(values["scope"])})
