"""What works without the packages of an extra, and what is said of the rest."""

import subprocess
import sys
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[3] / "sample_scripts"
OF_THE_SERVER = ("alembic", "cryptography", "fastapi", "itsdangerous", "limits", "pwdlib", "psycopg")
#: Runs the command in a process where those packages are as good as not installed.
WITHOUT = f"""
import sys
for name in {OF_THE_SERVER!r}:
    sys.modules[name] = None
from deputize.cli import main
main()
"""


def without_extras(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT, *arguments], cwd=SAMPLE, capture_output=True, text=True, check=False
    )


def test_a_script_runs_without_the_packages_of_the_server():
    arguments = ("acknowledge", "--as", "rob", "--payload", "samples/acknowledge.json", "--stand-ins")
    ended = without_extras("run", *arguments, "--json")

    assert ended.returncode == 0, ended.stderr
    assert '"state": "COMPLETED"' in ended.stdout


@pytest.mark.parametrize("command", [("serve",), ("runs",), ("user", "list")])
def test_a_command_that_needs_them_says_how_to_get_them(command):
    ended = without_extras(*command)

    assert ended.returncode == 2
    [said] = ended.stderr.splitlines()
    assert said.startswith("error[EXTRA_MISSING]: this needs the package ")
    assert said.endswith('Install the extra that brings it: pip install "deputize[server]".')
