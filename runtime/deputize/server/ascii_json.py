"""Answers what scripts have written: in ASCII, as it is kept."""

import json
from typing import Any

from starlette.responses import JSONResponse


class AsciiJson(JSONResponse):
    """JSON whose texts may hold half of a surrogate pair, which UTF-8 cannot carry and an escape can."""

    def render(self, content: Any) -> bytes:
        """Return *content* as bytes."""
        return ascii_json(content)


def ascii_json(content: Any) -> bytes:
    """Return the JSON of *content*."""
    return json.dumps(content, allow_nan=False, separators=(",", ":")).encode("ascii")
