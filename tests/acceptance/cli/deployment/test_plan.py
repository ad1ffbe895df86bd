"""``deputize plan``: a plan goes into a file and comes in from one."""

import io
import json
import zipfile

import pytest

JAVASCRIPT = "http.request({endpoint: 'EasyVista', path: '/x'});"
PORT = "def main(request):\n    return None\n"


def old_plan(path, *, script=JAVASCRIPT):
    """Write an export from before there were methods."""
    target = io.BytesIO()
    form = {"name": "Alert", "uuid": "0c7c4d0a-36b3-4d0a-9d3b-5d6a3fd6a111", "isREST": True}
    integrations = [
        {"name": "Open", "type": "INBOUND_WEBHOOK", "action": "CREATE_EVENT_SIMPLE", "form": "Alert"},
        {"name": "Sync", "type": "INBOUND_WEBHOOK", "action": "RUN_SCRIPT", "script": script},
    ]
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("engine.json", json.dumps({"version": "1.7", "name": "Old"}))
        archive.writestr("forms/Alert/1.json", json.dumps(form))
        archive.writestr("integrations/integrations.json", json.dumps({"integrations": integrations}))
    path.write_bytes(target.getvalue())
    return path


def test_a_plan_is_exported_and_imported_under_another_name(deployed, folder):
    exported = deployed("plan", "export", "incidents", "--out", "incidents.zip", "--json")

    assert exported.code == 0
    assert json.loads(exported.out)["plan"] == "incidents"
    again = deployed("plan", "export", "incidents", "--out", "incidents.zip")
    assert again.code == 2
    assert again.err == (
        "error[INPUT_REFUSED]: incidents.zip: there is a file already. Remove it, or choose another name.\n"
    )
    taken = deployed("plan", "import", "incidents.zip")
    assert taken.code == 2
    assert taken.err == (
        'error[CONFLICT]: There is a plan "incidents" already, and an import changes none. '
        "Give it another name (--name).\n"
    )
    report = json.loads(deployed("plan", "import", "incidents.zip", "--name", "copy", "--json").out)
    assert [
        (each["name"], each["had"], each["enabled"], each["script"]) for each in report["integrations"]
    ] == [
        ("grafana", "API_KEY", False, "python"),
        ("hook", "URL", False, "python"),
        ("people", "BASIC", False, "python"),
    ]


def test_an_import_says_what_is_to_be_done(deployed, folder):
    old_plan(folder / "old.zip")

    done = deployed("plan", "import", "old.zip", "--dry-run", "--plain")

    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0] == (
        "The plan Old would come in: 2 integrations, 1 forms, 0 endpoints, 0 constants, 0 shared libraries."
    )
    assert lines[1].split() == ["Integration", "Had", "Now", "Script"]
    assert "choose a method" in lines[2]
    assert [line.split()[0] for line in lines if line.startswith("  ")] == [
        "access",
        "method",
        "method",
        "port",
    ]
    assert done.err == "Nothing was kept.\n"


def test_legacy_integrations_come_in_with_their_pair_from_a_file(deployed, folder):
    old_plan(folder / "old.zip")
    (folder / "ports").mkdir()
    (folder / "ports/Sync.py").write_text(PORT, encoding="utf-8")
    (folder / "password").write_text("old secret\n", encoding="utf-8")

    done = deployed(
        *("plan", "import", "old.zip", "--keep-legacy", "--authentication", "on", "--pair-name", "disk"),
        *("--from", "password", "--owner", "rob", "--ported", "ports", "--json"),
    )

    assert done.code == 0
    report = json.loads(done.out)
    assert [(each["name"], each["legacy"], each["script"]) for each in report["integrations"]] == [
        ("Open", True, "default"),
        ("Sync", True, "ported"),
    ]
    assert "old secret" not in done.out + done.err


def test_a_port_that_cannot_run_imports_nothing(deployed, folder):
    old_plan(folder / "old.zip")
    (folder / "ports").mkdir()
    (folder / "ports/Sync.py").write_text(
        "import os\ndef main(request):\n    return None\n", encoding="utf-8"
    )

    done = deployed("plan", "import", "old.zip", "--ported", "ports")

    assert done.code == 2
    assert done.err.startswith(
        'error[SCRIPT_REJECTED]: The port of "Sync" cannot run. Nothing was imported.\n'
    )
    assert deployed("plan", "export", "Old", "--out", "x.zip").code == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--keep-legacy"],
            "--keep-legacy needs --authentication on|off, and exactly one of --owner USER and --no-owner.",
        ),
        (
            ["--keep-legacy", "--authentication", "on", "--no-owner"],
            "--pair-name NAME goes with --authentication on, which needs it.",
        ),
        (
            ["--owner", "rob"],
            "--authentication, --pair-name, --from, --owner and --no-owner go with --keep-legacy.",
        ),
    ],
)
def test_options_that_do_not_go_together_are_refused(deployed, folder, options, message):
    done = deployed("plan", "import", "old.zip", *options)

    assert done.code == 2
    assert message in done.err


def test_what_is_no_zip_is_refused(deployed, folder):
    (folder / "no.zip").write_bytes(b"no zip")

    done = deployed("plan", "import", "no.zip")

    assert done.code == 2
    assert done.err == (
        "error[PLAN_FILE_INVALID]: The file is no zip, or a broken one. Export the plan again.\n"
    )
