"""The layout that the product promises."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "runtime/deputize",
    "sandbox/deputize_sandbox",
    "sandbox/deputize_guest",
    "api_client/deputize_client",
}
#: Longer than 400 lines, and why.
LONG_FILES: dict[str, str] = {}


def modules() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def test_the_wheel_holds_the_four_packages_and_each_is_typed():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())

    assert set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == PACKAGES
    assert all((ROOT / package / "py.typed").is_file() for package in PACKAGES)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_short_and_says_in_one_line_what_it_is(path):
    text = path.read_text()
    first = text.splitlines()[0]

    assert re.fullmatch(r'r?"""[A-Z`<].*[.:]("""|)', first), f"{path}: {first}"
    if str(path.relative_to(ROOT)) not in LONG_FILES:
        assert len(text.splitlines()) <= 400


def test_no_module_has_a_name_that_says_nothing():
    nothing = {"utils", "util", "helpers", "common", "base", "misc"}

    assert [path for path in modules() if path.stem in nothing] == []


def test_constraints_record_versions_and_no_addresses():
    lines = (ROOT / "constraints.txt").read_text().split()

    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
