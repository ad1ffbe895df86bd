"""docs/testing.md: its tests pass in the project that ``deputize init`` makes."""

import re
from pathlib import Path

from deputize.cli.init import make_project

DOCUMENT = Path(__file__).parents[3] / "docs" / "testing.md"


def test_every_block_of_python_is_tests_that_pass(session, tmp_path):
    blocks = re.findall(r"```python[^\n]*\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    make_project(tmp_path / "hello", as_json=True, plain=True)
    ended = session("\n\n".join(blocks), "test_tell.py", folder=tmp_path / "hello")

    assert ended.code == 0, ended.out
    assert ended.counted("passed") == "".join(blocks).count("def test_") > 0
