"""The documentation of the stream names exactly what the stream can hold."""

import re
from typing import get_args

from deputize.activity.entries import ENDINGS, ActivityEntry, ErrorCode, RunDenied
from deputize.domain.run import RunState

MODELS = get_args(get_args(ActivityEntry)[0])
KINDS = [model.model_fields["kind"].default for model in MODELS]


def rows(request, heading):
    """The cells of the first table below *heading* of docs/activity.md."""
    text = (request.config.rootpath / "docs" / "activity.md").read_text(encoding="utf-8")
    below = text[text.index(heading) :]
    table = re.search(r"\|---.*?\n((?:\|.*\n)+)", below)[1]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]


def test_every_kind_of_entry_is_documented(request):
    assert sorted(row[0].strip("`") for row in rows(request, "# The activity stream")) == sorted(KINDS)


def test_every_code_is_documented(request):
    denied = get_args(RunDenied.model_fields["code"].annotation)

    assert [(row[0], row[1]) for row in rows(request, "## Codes")] == [
        *(("`error`", f"`{code}`") for code in get_args(ErrorCode)),
        *(("`run.denied`", f"`{code}`") for code in denied),
    ]


def test_every_state_is_documented(request):
    text = (request.config.rootpath / "docs" / "activity.md").read_text(encoding="utf-8")
    states = text[text.index("## States") : text.index("## Logs")]

    assert set(re.findall(r"`([A-Z]+)`", states)) == {state.value for state in RunState}


def test_the_endings_are_kinds():
    assert set(KINDS) >= ENDINGS
