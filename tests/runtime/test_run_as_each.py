"""``run --as alice,bob``: nobody's run begins before it is known that there are all of them."""

import pytest

from deputize.cli.run_each import run_as_each
from deputize.errors import UnknownUser
from deputize.runtime import Runtime

PROJECT = """
[users.dana]
roles = ["Company Supervisor"]
"""


def test_a_name_that_is_nobodys_is_refused_before_the_script_runs_as_anybody(tmp_path, monkeypatch):
    (tmp_path / "deputize.toml").write_text(PROJECT)
    (tmp_path / "one.py").write_text("def main():\n    return 1\n")
    ran = []
    run = Runtime.run

    async def noted(self, script, **more):
        ran.append(more["initiator"])
        return await run(self, script, **more)

    monkeypatch.setattr(Runtime, "run", noted)

    def as_each(*users):
        return run_as_each(
            users,
            open_runtime=lambda: Runtime.open(tmp_path),
            script=str(tmp_path / "one.py"),
            payload=None,
            kind=None,
        )

    with pytest.raises(UnknownUser, match='nobody on the platform is named "dona"'):
        as_each("dana", "dona")
    assert ran == []
    assert [each.result for each in as_each("dana", "dana")] == [1, 1]
    assert ran == ["dana", "dana"]
