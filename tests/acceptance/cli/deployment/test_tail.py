"""``deputize tail``: the activity of all runs, as it was and as it goes on."""

import asyncio
import json
import signal
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from deputize.deployment import open_deployment
from deputize.settings import Settings

QUEUED = "c0ffee00-2e3d-4c4b-9a6f-7e8d9cab1b2c"
REASON = "UNAUTHORIZED_ACCESS_ERROR: User does not have the permission to access this service/functionality."


def write_entry(folder, seq: int, message: str) -> None:
    """Write an entry of the run that is queued, as a server beside the command would."""
    document = {
        "id": f"c0ffee00-0000-4000-8000-{seq:012}",
        "run": QUEUED,
        "seq": seq,
        "ts": "2018-04-17T14:03:00.000000+00:00",
        "kind": "log",
        "level": "info",
        "initiator": {"id": "dana", "via": "api-key"},
        "script": {"name": "grafana", "sha256": "0" * 64, "line": 1},
        "trace_id": "0" * 32,
        "message": message,
        "fields": {},
    }

    async def write() -> None:
        async with open_deployment(
            Settings(), folder=folder / ".deputize", clock=lambda: datetime(2018, 4, 17, tzinfo=UTC)
        ) as deployment:
            await deployment.database.write(lambda tx: tx.entries.append(QUEUED, [document]))

    asyncio.run(write())


@pytest.fixture
def following(process):
    """Start ``tail --follow`` with options; it is ended with the test."""
    processes = []

    def start(*options: str) -> subprocess.Popen[str]:
        started = subprocess.Popen(
            [sys.executable, "-m", "deputize", "tail", "--follow", *options],
            cwd=process.folder,
            env=process.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(started)
        return started

    yield start
    for each in processes:
        each.kill()
        each.communicate()


def test_entries_are_shown_in_order_with_their_runs_and_a_refusal_once(process):
    ended = process("tail", "--initiator", "rob")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (
        "2018-04-17 (UTC)\n"
        "14:02:11.302  7f3a2c1d  grafana as rob  ▶ started                inbound\n"
        "14:02:11.303  7f3a2c1d  grafana as rob  ✓ 200 OK                 platform  GET /api/xm/1/people"
        "   12 ms   grafana:4   as rob\n"
        "14:02:11.304  7f3a2c1d  grafana as rob  ✗ 403 FORBIDDEN refused  platform  "
        "GET /api/xm/1/people/mmcbride?embed=roles   12 ms   grafana:9   as rob\n"
        f"              {REASON}\n"
        "              rob needs: View or Use on role Standard User\n"
        "              would pass: role Company Supervisor\n"
        '14:02:11.306  7f3a2c1d  grafana as rob  = result                 {"event": null}\n'
        "14:02:11.307  7f3a2c1d  grafana as rob  ■ finished COMPLETED   79 ms   http 50 ms   script 29 ms\n"
        "14:02:21.302  7f3a9e00  grafana as rob  ✗ not begun: INBOUND_NOT_PERMITTED  inbound   as rob\n"
        '              rob may not send form "alert" (access to plan: yes, sender permission: no).\n'
        '              rob needs: sender permission on form "alert"\n'
        "              would pass: role Company Supervisor; person dana\n"
    )


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--kind", "permission.denied"], [("7f3a2c1d", 4)]),
        (["--status-code", "403"], [("7f3a2c1d", 3), ("7f3a2c1d", 4)]),
        (["--text", "EMBED=roles", "--limit", "1"], [("7f3a2c1d", 4)]),
        (["--integration", "grafana", "--since", "2018-04-17T14:02:31Z", "--limit", "1"], [("badc0de0", 2)]),
        (["--until", "2018-04-17T14:02:11.303Z"], [("7f3a2c1d", 1)]),
        (["--limit", "0"], []),
    ],
)
def test_entries_are_narrowed_down(deployed, options, found):
    ended = deployed("tail", "--ndjson", *options)

    entries = [json.loads(each) for each in ended.out.splitlines()]
    assert [(each["run"][:8], each["seq"]) for each in entries] == found


def test_json_is_one_document(deployed):
    document = deployed("tail", "--json", "--limit", "2").json

    assert [each["kind"] for each in document["data"]] == ["log", "of.another.version"]


def test_what_comes_is_shown_once_and_what_does_not_fit_is_not(deployed, following):
    process = following("--ndjson", "--limit", "1", "--text", "wanted", "--kind", "log")
    write_entry(deployed.folder, 1, "not of interest")
    write_entry(deployed.folder, 2, "wanted, first")
    first = json.loads(process.stdout.readline())
    write_entry(deployed.folder, 3, "wanted, second")
    second = json.loads(process.stdout.readline())

    assert [(each["seq"], each["message"]) for each in (first, second)] == [
        (2, "wanted, first"),
        (3, "wanted, second"),
    ]


def test_the_keyboard_ends_following_without_a_word(following):
    process = following("--limit", "1")
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)

    assert (process.returncode, err) == (130, "")


def test_following_has_no_end_that_one_document_could_have(deployed):
    ended = deployed("tail", "--follow", "--json")

    assert ended.code == 2
    assert ended.json["error"] == {
        "code": "USAGE",
        "message": "Invalid value: --follow has no end, and --json is one document. Use --ndjson. "
        "See `deputize tail --help`.",
    }


def test_an_unknown_kind_is_answered_with_the_nearest(deployed):
    ended = deployed("tail", "--kind", "permision.denied")

    assert ended.code == 2
    assert 'Did you mean "permission.denied"?' in ended.err
