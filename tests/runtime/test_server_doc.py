"""What is public of the server is listed in its page, and the other way round."""

import re
from pathlib import Path

from deputize.domain.functions import FUNCTIONS

PAGE = (Path(__file__).parents[2] / "docs" / "server.md").read_text(encoding="utf-8")


def test_every_function_of_a_role_is_in_the_page():
    table = PAGE.partition("| function |")[2].partition("\n\n")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    listed = [name for row in rows for name in re.findall(r"`([a-z:-]+)`", row)]

    assert sorted(listed) == sorted(FUNCTIONS)
