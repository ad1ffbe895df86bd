"""``deputize doctor``: what this machine has, and what it lacks."""

from deputize import __version__


def test_json_lists_every_layer_of_the_jail(deputize, project):
    ended = deputize("doctor", "--json")

    document = ended.json
    assert document["deputize"] == __version__
    assert document["project"] == {"path": str(project / "deputize.toml"), "ok": True, "problem": None}
    assert document["jail"]["layers"]
    assert ended.code == (0 if document["ok"] else 2)


def test_text_ends_with_the_verdict(deputize):
    ended = deputize("doctor")

    last = ended.out.splitlines()[-1]
    if ended.code == 0:
        assert last == "Scripts can be confined here."
    else:
        assert last.startswith("No jail, no scripts: this machine lacks ")


def test_no_project_is_no_problem(deputize, project):
    healthy = deputize("doctor").code
    deputize.folder = project.parent
    ended = deputize("doctor")

    assert ended.code == healthy
    assert "none here; `deputize init NAME` makes one" in ended.out


def test_a_project_that_cannot_be_read_is_a_problem(deputize, project):
    (project / "deputize.toml").write_text("nonsense = 1\n", encoding="utf-8")
    ended = deputize("doctor", "--plain")

    assert ended.code == 2
    assert "nonsense: unknown key" in ended.out
    assert ended.out.isascii()
