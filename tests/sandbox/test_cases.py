"""Ordinary Python ends in the sandbox as its footer says, and as it does under Python itself."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from footers import read_footer, scripts

CASES = scripts("cases")


@pytest.mark.parametrize("script", CASES, ids=lambda script: script.stem)
def test_a_script_ends_as_its_footer_says(language, script):
    footer = read_footer(script)
    ended = language.run(script.read_text())

    assert ended.end == footer.ends
    assert tuple(ended.logged) == footer.logs
    assert ended.reached == []


@pytest.fixture(scope="session")
def under_python() -> dict[str, list]:
    files = [str(script) for script in CASES if not read_footer(script).python]
    program = Path(__file__).with_name("plain_python.py")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", program, *files],
        capture_output=True,
        check=True,
        env={"PYTHONHASHSEED": "0", "TZ": "UTC"},
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("script", CASES, ids=lambda script: script.stem)
def test_python_itself_ends_it_alike_unless_the_footer_says_why_not(under_python, script):
    footer = read_footer(script)

    assert footer.python or under_python[str(script)] == [footer.ends, list(footer.logs)]
