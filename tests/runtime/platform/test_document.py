"""The document lists exactly the calls that there are."""

import re
from pathlib import Path

from deputize.platform.embedded.rest.routes import ROUTES

DOCUMENT = Path(__file__).parents[3] / "docs" / "platform.md"


def test_every_call_is_documented_and_every_documented_call_is_there():
    documented = set(re.findall(r"`(GET|POST|PUT|DELETE) (/[^ `?]+)`", DOCUMENT.read_text()))

    there = {
        (method, path.removeprefix("/api/xm/1").replace("{key}", "{id}"))
        for path, handlers in ROUTES.items()
        for method in handlers
    }
    assert documented == there
