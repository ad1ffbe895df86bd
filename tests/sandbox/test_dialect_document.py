"""``docs/dialect.md`` lists what the dialect is."""

import re
from pathlib import Path

import pytest

from deputize_guest import text_encodings
from deputize_guest.dialect import (
    diagnostics,
    grammar,
    importable,
    modules,
    names,
    script_builtins,
)

DOCUMENT = (Path(__file__).parents[2] / "docs" / "dialect.md").read_text()

#: Names of modules that came after Python 3.11.
NEWER = {
    "batched", "binomialvariate", "fma", "kde", "kde_random", "override", "PatternError", "QUOTE_NOTNULL",
    "QUOTE_STRINGS", "sumprod",
}  # fmt: skip


def section(title: str) -> str:
    """Return the text under the heading *title*, up to the next one."""
    return re.split(r"^#+ ", DOCUMENT.partition(f" {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def table(title: str) -> dict[str, str]:
    """Return the rows of the table under *title*: first column → last column."""
    rows = re.findall(r"^\| `([^`]+)` \|(?:.*\|)? (.*) \|$", section(title), flags=re.MULTILINE)
    return dict(rows)


def words(title: str) -> set[str]:
    """Return the names of the first paragraph of names under *title*."""
    paragraphs = section(title).split("\n\n")
    return set(re.findall(r"`([^`]+)`", next(each for each in paragraphs if each.strip().startswith("`"))))


@pytest.mark.parametrize(
    ("title", "listed"),
    [
        ("Syntax that is not available", grammar.REFUSED),
        ("Built-in names that scripts do not have", script_builtins.INSTEAD),
        ("What to use instead of modules that are asked for most", importable.INSTEAD),
    ],
)
def test_the_document_says_what_to_use_instead(title, listed):
    assert table(title) == dict(listed)


@pytest.mark.parametrize(
    ("title", "listed"),
    [
        ("Attributes that lead into the interpreter", names.REFUSED),
        ("Built-in names that scripts have", script_builtins.PLAIN | set(script_builtins.OWN)),
        ("Classes", names.METHODS),
        ("Encodings", set(text_encodings._ENCODINGS.split())),
    ],
)
def test_the_document_lists_every_name(title, listed):
    assert words(title) == set(listed)


def test_the_document_lists_every_code():
    assert table("Codes").keys() == set(diagnostics.CODES)


def test_the_document_lists_every_name_of_every_module():
    listed = {name: set(re.findall(r"`([^`]+)`", row)) for name, row in table("Modules").items()}
    published = {
        name: set(found)
        for name, found in modules.published(modules.build()).items()
        if name.partition(".")[0] != "deputize"
    }
    beyond = {name: listed[name] - found for name, found in published.items()}

    assert listed.keys() == published.keys()
    assert {name: found - listed[name] for name, found in published.items() if found - listed[name]} == {}
    assert set().union(*beyond.values()) <= NEWER


def test_every_code_that_can_be_said_is_on_the_list():
    folder = Path(diagnostics.__file__).parent
    said = set(re.findall(r'"([A-Z]+_[A-Z_]+)"', "".join(path.read_text() for path in folder.glob("*.py"))))

    assert said - {"MIN_ETINY"} == set(diagnostics.CODES)
