"""docs/testing.md: its tests pass in the project that ``deputize init`` makes."""

import re
from pathlib import Path

import pytest

from deputize.cli.init import make_project

DOCUMENT = Path(__file__).parents[3] / "docs" / "testing.md"
BLOCKS = re.findall(r"```python[^\n]*\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_each_block_of_python_is_a_test_that_passes(session, tmp_path, number):
    make_project(tmp_path / "hello", as_json=True, plain=True)
    ended = session(BLOCKS[number], folder=tmp_path / "hello")

    assert ended.code == 0, ended.out
    assert ended.counted("passed") == BLOCKS[number].count("def test_")


def test_there_are_blocks_to_run():
    assert BLOCKS != []
