"""A request becomes a run that is stored, or leaves the reason."""

import asyncio
import json
from dataclasses import replace
from itertools import product
from typing import get_args

import pytest

from deputize.activity.entries import activity_entry
from deputize.domain.plan import Access
from deputize.domain.run import RunState
from deputize.domain.start import Start
from deputize.errors import StoreUnavailable
from deputize.inbound.answers import Accepted, CallerRefused, RefusalCode

pytestmark = pytest.mark.anyio


@pytest.fixture
def bench(bench_on_each_store):
    return bench_on_each_store


async def as_(bench, header, name, integration_id="by basic", **more):
    return await bench.take(integration_id, header(name, f"password of {name}"), **more)


async def test_an_accepted_request_is_a_queued_run_that_was_handed_on(bench, header):
    answer = await as_(
        bench,
        header,
        "rob",
        body=b'{"title": "disk full", "initiator": "dana", "requestId": "mine", "form": "other"}',
        headers=[("Content-Type", "application/json")],
        trace_id="0af7651916cd43dd8448eb211c80319c",
    )

    run = await bench.run(answer.request_id)
    assert answer == Accepted(request_id=run.id)
    assert bench.submitted == [run.id]
    assert replace(run, start={}) == replace(
        run,
        start={},
        state=RunState.QUEUED,
        integration_id="by basic",
        plan_id="incidents",
        name="by basic",
        trigger="inbound",
        script_sha256="a" * 64,
        script_version_id="v1",
        shown_path="by basic",
        event_id=None,
        chain=("by basic",),
        trace_id="0af7651916cd43dd8448eb211c80319c",
        queued=bench.clock(),
        started=None,
        finished=None,
    )
    start = Start.model_validate(run.start)
    assert start.provided["request_id"] == run.id
    assert start.provided["integration_id"] == "by basic"
    assert start.provided["remote_address"] == "192.0.2.1"
    assert start.payload == {"title": "disk full", "initiator": "dana", "requestId": "mine", "form": "other"}


async def test_nothing_of_a_credential_is_stored(bench, header):
    url_key = await bench.url_key("by url", "rob")
    key_id, secret = await bench.api_key("by api-key", "rob")
    await as_(bench, header, "rob")
    await bench.take("by url", f"apiKey={url_key}", headers=[("Referer", f"https://x/?apiKey={url_key}")])
    await bench.take("by api-key", header(key_id, secret))

    async def dump(store):
        found = await store.runs.page(limit=100)
        return [json.dumps(dict(run.start)) + repr(run) for run in found]

    stored = "".join(await bench.database.read(dump))
    for each in (
        url_key,
        secret,
        "password of rob",
        header("rob", "password of rob")[1],
        header(key_id, secret)[1],
    ):
        assert each.removeprefix("Basic ") not in stored


async def test_the_product_s_own_script_runs_where_a_simple_one_has_none(bench, header):
    await bench.add_integration(
        "simple", action="CREATE_EVENT_SIMPLE", form_id="alert", script_version_id=None
    )

    run = await bench.run((await as_(bench, header, "rob", "simple")).request_id)

    assert (run.script_sha256, run.shown_path, run.script_version_id) == ("d" * 64, "create_event.py", None)


async def test_the_use_of_a_key_is_noted(bench, header):
    url_key, api_key = await bench.url_key("by url", "rob"), await bench.api_key("by api-key", "rob")
    bench.clock.forward(hours=1)
    await bench.take("by url", f"apiKey={url_key}")
    await bench.take("by api-key", header(*api_key))

    async def used(store):
        found = [
            *await store.keys.url_keys(subject="id of rob"),
            *await store.keys.secrets(subject="id of rob"),
        ]
        return [each.last_used for each in found]

    assert await bench.database.read(used) == [bench.clock()] * 2


def test_the_server_knows_every_code_that_a_request_may_be_refused_with():
    from deputize.server.problem_types import PROBLEM_TYPES

    assert set(get_args(RefusalCode)) <= set(PROBLEM_TYPES)


# Authorisation


@pytest.mark.parametrize(
    ("name", "plan", "senders", "verdicts"),
    [
        (
            "mary",
            Access(everybody=True),
            Access(roles=frozenset({"Sender"})),
            "access to plan: yes, sender permission: no",
        ),
        (
            "rob",
            Access(roles=frozenset({"Viewer"})),
            Access(everybody=True),
            "access to plan: no, sender permission: yes",
        ),
        (
            "eve",
            Access(people=frozenset({"id of rob"})),
            Access(people=frozenset()),
            "access to plan: no, sender permission: no",
        ),
    ],
)
async def test_plan_access_and_sender_permission_are_both_needed_to_create_an_event(
    bench, header, name, plan, senders, verdicts
):
    await bench.change_plan(access=plan)
    await bench.change_form(senders=senders)

    answer = await as_(bench, header, name)

    assert (answer.code, answer.detail) == (
        "NOT_PERMITTED",
        f'{name} may not send form "alert" ({verdicts}).',
    )
    assert (await bench.run(answer.run_id)).state is RunState.DENIED
    assert bench.submitted == []


async def test_a_denied_request_is_a_run_with_one_entry_that_names_the_rule(bench, header):
    await bench.change_form(
        senders=Access(roles=frozenset({"Sender"}), people=frozenset({"id of dana", "gone"}))
    )

    answer = await as_(bench, header, "mary", body=b"text")

    run = await bench.run(answer.run_id)
    (document,) = await bench.entries(run.id)
    entry = activity_entry.validate_python(document)
    assert (run.state, run.finished, run.initiator.id) == (RunState.DENIED, bench.clock(), "mary")
    assert entry.model_dump(mode="json", exclude={"id", "ts"}) == {
        "kind": "run.denied",
        "level": "warning",
        "run": run.id,
        "seq": 1,
        "initiator": {"id": "mary", "via": "basic"},
        "script": {"name": "by basic", "sha256": "a" * 64, "line": None},
        "trace_id": run.trace_id,
        "trigger": "inbound",
        "code": "INBOUND_NOT_PERMITTED",
        "reason": 'mary may not send form "alert" (access to plan: yes, sender permission: no).',
        "explain": {
            "initiator": "mary",
            "needs": ['sender permission on form "alert"'],
            "would_pass": ["role Sender", "person dana"],
            "source": "deputize",
        },
    }
    assert Start.model_validate(run.start).body == "text"


async def test_a_caller_is_told_what_they_lack_and_not_who_has_it(bench, header):
    await bench.change_form(senders=Access(people=frozenset({"id of dana"})))

    answer = await as_(bench, header, "mary")

    assert answer.needs == ('sender permission on form "alert"',)
    assert "dana" not in f"{answer.detail} {answer.needs} {dict(answer.headers)}"


async def test_a_plain_script_needs_access_to_its_plan_only(bench, header):
    await bench.add_integration("plain", action="RUN_SCRIPT")

    assert isinstance(await as_(bench, header, "mary", "plain"), Accepted)
    assert (await as_(bench, header, "eve", "plain")).code == "NOT_PERMITTED"


async def test_a_disabled_plan_takes_nothing(bench, header):
    await bench.change_plan(enabled=False)

    assert (await as_(bench, header, "rob")).detail == (
        'rob may not send form "alert" (access to plan: yes, plan enabled: no, sender permission: yes).'
    )


async def test_what_is_given_or_taken_counts_from_the_next_request_on(bench, header):
    answers = []
    for roles in ({"Sender"}, set(), {"Viewer"}, {"Sender", "Viewer"}):
        await bench.change_person("rob", roles=frozenset(roles))
        answers.append(type(await as_(bench, header, "rob")))

    assert answers == [Accepted, CallerRefused, CallerRefused, Accepted]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda bench: bench.change_person("rob", roles=frozenset()), "NOT_PERMITTED"),
        (lambda bench: bench.change_person("rob", status="INACTIVE"), "UNAUTHENTICATED"),
        (
            lambda bench: bench.database.write(lambda store: store.people.delete("id of rob")),
            "UNAUTHENTICATED",
        ),
        (lambda bench: bench.change_integration("by basic", method="url"), "UNAUTHENTICATED"),
        (lambda bench: bench.change_integration("by basic", enabled=False), "NOT_FOUND"),
        (
            lambda bench: bench.database.write(lambda store: store.integrations.delete("by basic")),
            "NOT_FOUND",
        ),
        (lambda bench: bench.database.write(lambda store: store.plans.delete("incidents")), "NOT_FOUND"),
    ],
)
async def test_what_changes_while_a_request_is_read_counts_for_it(bench, header, monkeypatch, change, code):
    write = bench.database.write

    async def late(work):
        monkeypatch.setattr(bench.database, "write", write)
        await change(bench)
        return await write(work)

    monkeypatch.setattr(bench.database, "write", late)

    assert (await as_(bench, header, "rob")).code == code
    assert bench.submitted == []


# Chains


async def test_a_script_that_calls_brings_its_initiator_and_its_chain_along(bench):
    token, _ = await bench.run_token("rob", chain=("first", "second"))

    answer = await bench.take("by oauth", ("Authorization", f"Bearer {token}"))

    run = await bench.run(answer.request_id)
    assert (run.initiator.id, run.initiator.via, run.chain) == (
        "rob",
        "run-token",
        ("first", "second", "by oauth"),
    )


@pytest.mark.parametrize(
    ("chain", "code"),
    [(("by oauth",), "CHAIN_CYCLE"), (("by oauth", "x"), "CHAIN_CYCLE"), (tuple("abcde"), "CHAIN_TOO_DEEP")],
)
async def test_a_chain_that_goes_in_a_circle_or_on_and_on_is_refused_and_shown(bench, chain, code):
    token, _ = await bench.run_token("rob", chain=chain)

    answer = await bench.take("by oauth", ("Authorization", f"Bearer {token}"))

    run = await bench.run(answer.run_id)
    (entry,) = await bench.entries(run.id)
    assert answer.code == entry["code"] == code
    assert answer.detail == entry["reason"]
    assert (run.state, run.chain) == (RunState.DENIED, chain)
    assert "explain" not in entry


# Whole or not at all


async def test_a_caller_who_goes_away_leaves_a_whole_run_that_is_taken_up(bench, header, monkeypatch):
    write, begun, go_on = bench.database.write, asyncio.Event(), asyncio.Event()

    async def slowly(work):
        begun.set()
        await go_on.wait()
        return await write(work)

    monkeypatch.setattr(bench.database, "write", slowly)
    caller = asyncio.create_task(as_(bench, header, "rob"))
    await begun.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    go_on.set()
    await bench.intake.close()

    (run,) = await bench.runs()
    assert bench.submitted == [run.id]


async def test_what_could_not_be_kept_is_not_accepted(bench, header, monkeypatch):
    write = bench.database.write

    async def full(work):
        async def fail(store):
            await work(store)
            raise StoreUnavailable("no room")

        return await write(fail)

    monkeypatch.setattr(bench.database, "write", full)
    with pytest.raises(StoreUnavailable):
        await as_(bench, header, "rob")

    assert (await bench.runs(), bench.submitted) == ([], [])


@pytest.mark.parametrize(
    ("query", "headers", "body", "code"),
    [
        ("a=%ff", [], b"", "REQUEST_UNREADABLE"),
        ("", [("Content-Type", "text/plain"), ("content-type", "text/html")], b"", "REQUEST_UNREADABLE"),
        ("", [("Content-Type", "image/png")], b"\x89PNG", "MEDIA_TYPE_REFUSED"),
        ("", [("Content-Type", "text/plain; charset=idna")], b"", "MEDIA_TYPE_REFUSED"),
    ],
)
async def test_what_cannot_be_read_is_refused(bench, header, query, headers, body, code):
    answer = await as_(bench, header, "rob", query=query, headers=headers, body=body)

    assert answer.code == code
    assert await bench.runs() == []


async def test_an_odd_body_is_kept_and_can_be_read_again(bench, header):
    kinds = ("application/json", "text/plain", "application/x-www-form-urlencoded")
    bodies = (
        b"",
        b"{",
        b"[" * 100_000,
        b'"\\ud800\\u0000"',
        b"\0",
        "\u2028\x1b[31m\u202e".encode(),
        b'{"a":1e999}',
    )
    for kind, body in product(kinds, bodies):
        answer = await as_(bench, header, "rob", headers=[("Content-Type", kind)], body=body)

        start = Start.model_validate((await bench.run(answer.request_id)).start)
        assert start.provided["body"].encode() == body
        json.dumps(start.model_dump(mode="json"), ensure_ascii=False, allow_nan=False).encode()
