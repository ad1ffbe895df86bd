"""``log`` against a guest that says whatever it likes."""

import re

import pytest

from deputize.domain.limits import Limits
from deputize.execution.budget import Budget
from deputize.execution.capabilities.log import LogCapability
from deputize.execution.recall import Recall

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("method", "arguments", "said"),
    [
        ("info", {"message": 1, "fields": {}}, "message: Input should be a valid string"),
        ("info", {"message": "a"}, "fields: Field required"),
        ("info", {"message": "a", "fields": {}, "level": "x"}, "level: Extra inputs are not permitted"),
        ("shout", {"message": "a", "fields": {}}, "log has no method 'shout'"),
    ],
)
async def test_a_malformed_line_is_refused_and_not_repeated(parts, guest_call, method, arguments, said):
    async with parts() as run:
        log = LogCapability(stream=run.stream, budget=Budget(Limits()), recall=Recall())
        with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
            await log.tell(guest_call("log", method, arguments))

    assert run.entries == []
