"""What tries to get out is rejected, or ends without having reached anything. The jail is off."""

import pytest
from footers import read_footer, scripts
from unconfined import STOCK

PROVIDED = {
    "form": {"kind": "form", "value": {"name": "f", "path": "p"}},
    "secrets": {"kind": "secrets", "value": ["token"]},
    "tickets": {"kind": "capability", "value": {"name": "tickets", "methods": ["lookup"]}},
}


@pytest.mark.parametrize("script", scripts("hostile"), ids=lambda script: script.stem)
def test_a_way_out_leads_nowhere(language, script):
    footer = read_footer(script)
    ended = language.run(script.read_text(), provide=PROVIDED)

    assert ended.end == footer.ends
    assert tuple(ended.logged) == footer.logs
    assert ended.reached == []


def test_every_parameter_that_a_script_may_name_is_there_for_attacks():
    assert {*PROVIDED, *STOCK} >= {"callback", "form", "http", "secrets", "tickets"}
