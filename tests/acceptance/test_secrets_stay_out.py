"""No credential is in the guest, the stream, the logs, an error or a repr."""

import asyncio
import base64
import json
import logging

import pytest
import structlog

from deputize import Runtime


def test_the_platforms_token_is_nowhere_to_be_seen(bench, whole):
    run = bench.run(
        "def main(http, initiator, log):\n"
        "    r = http.get('/api/xm/1/people/rob')\n"
        "    log.info('got', text=r.text, headers=dict(r.headers), http=repr(http), who=repr(initiator))\n"
        "    return [r.text, dict(r.headers)]\n"
    )

    assert run.state == "COMPLETED"
    assert "dpt_" not in whole(run)
    assert "Bearer" not in whole(run)


def test_a_stored_password_is_neither_shown_nor_sent_to_a_stand_in(bench, whole, monkeypatch):
    monkeypatch.setenv("DEPUTIZE_SECRET_TICKETS", "hunter2-hunter2")
    run = bench.run(
        "def main(http):\n    return http.put('tickets/1', endpoint='Tickets', json={}).status_code\n"
    )

    shown = whole(run) + repr(bench.received)
    assert run.result == 200
    assert "hunter2-hunter2" not in shown
    assert base64.b64encode(b"svc:hunter2-hunter2").decode() not in shown


def test_a_secret_that_a_script_logs_is_replaced_and_said_to_be(bench, monkeypatch):
    monkeypatch.setenv("DEPUTIZE_SECRET_OTHER", "correct-horse-battery")
    bench.configure(
        '[endpoints.Other]\nbase_url = "https://other.invalid/"\n'
        'auth = { type = "bearer", token = { secret = "other" } }\n'
    )
    run = bench.run(
        "def main(log, payload):\n    log.info(payload['leak'])\n", payload={"leak": "correct-horse-battery"}
    )

    [entry] = [entry for entry in run.activity if entry.kind == "log"]
    assert entry.message == "‹secret:other›"
    assert [redaction.path for redaction in entry.redacted] == ["/message"]


def test_a_missing_secret_means_no_call_and_a_refused_answer(bench):
    bench.configure(
        '[endpoints.Other]\nbase_url = "https://other.invalid/"\n'
        'auth = { type = "bearer", token = { secret = "other" } }\n'
    )
    run = bench.run(
        "def main(http):\n"
        "    r = http.get('/x', endpoint='Other')\n"
        "    return [r.status_code, r.refused, r.reason]\n"
    )

    assert run.state == "COMPLETED"
    assert run.result[:2] == [401, True]
    assert "DEPUTIZE_SECRET_OTHER" in run.result[2]
    [entry] = [entry for entry in run.activity if entry.kind == "credential.rejected"]
    assert entry.sent is False


def test_each_entry_is_one_structlog_event_that_passed_the_same_redaction(bench, monkeypatch):
    with structlog.testing.capture_logs() as events:
        run = bench.run(
            "def main(http, log):\n    http.get('/api/xm/1/people/mmcbride')\n    log.error('bad', n=1)\n"
        )

    assert [event["event"] for event in events] == [entry.kind for entry in run.activity]
    assert [event["log_level"] for event in events] == [entry.level for entry in run.activity]
    assert {(event["run"], event["initiator"], event["script"]) for event in events} == {
        (run.id, "rob", "script")
    }
    assert "dpt_" not in repr(events)


def test_no_library_logs_a_credential_even_at_debug(bench, caplog):
    with caplog.at_level(logging.DEBUG):
        bench.run("def main(http):\n    http.get('/api/xm/1/people/rob')\n")

    assert "dpt_" not in caplog.text
    assert "authorization': 'Bearer" not in caplog.text


def test_the_sandboxs_environment_and_arguments_hold_no_secret(bench, monkeypatch):
    monkeypatch.setenv("DEPUTIZE_SECRET_TICKETS", "canary-canary-canary")

    async def zygote_environment() -> str:
        async with Runtime.open(bench.root, stand_ins=True):
            return await asyncio.to_thread(_children_environment)

    assert "canary-canary-canary" not in asyncio.run(zygote_environment())


def _children_environment() -> str:
    from pathlib import Path

    me = str(Path("/proc/self").resolve().name)
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            if f"\nPPid:\t{me}\n" in status.read_text():
                found.append(
                    status.with_name("environ").read_bytes() + status.with_name("cmdline").read_bytes()
                )
        except OSError:
            continue
    assert found, "the zygote is a child of this process"
    return json.dumps([each.decode("utf-8", "replace") for each in found])


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/", "http://127.0.0.1:1/", "http://[::1]/", "http://10.0.0.1/"]
)
def test_an_address_that_the_endpoint_does_not_name_is_not_dialled(bench, url):
    bench.configure(f'[endpoints.Inside]\nbase_url = "{url}"\n')
    run = bench.run(
        "from deputize.script import HttpError\n"
        "def main(http):\n"
        "    try:\n"
        "        http.get('/', endpoint='Inside')\n"
        "    except HttpError as error:\n"
        "        return error.cause\n"
    )

    assert run.result == "egress_denied"
