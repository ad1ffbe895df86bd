import asyncio
import json

import pytest

from deputize_sandbox import Answered, Failed, LimitReached

pytestmark = pytest.mark.anyio


async def test_the_entry_of_a_call_is_durable_before_the_script_has_the_answer(parts, upstream, gated_sink):
    gated_sink.gate.clear()
    async with parts(sink=gated_sink) as run:
        asked = asyncio.create_task(run.send())
        await gated_sink.asked.wait()

        assert not asked.done()
        assert gated_sink.kept == []

        gated_sink.gate.set()
        answer = await asked

    assert isinstance(answer, Answered)
    assert [entry.kind for entry in gated_sink.kept] == ["http.exchange"]


async def test_what_is_sent_and_what_the_script_gets_are_whole_though_the_stream_is_redacted(parts, upstream):
    upstream.body = '{"access_token": "abc", "next": "https://u:p@host/?sig=x"}'
    async with parts() as run:
        answer = await run.send(method="POST", json={"password": "of somebody"})

    assert answer.value["text"] == upstream.body
    assert json.loads(upstream.requests[0][3]) == {"password": "of somebody"}
    assert run.entries[0]["request"]["body"] == {"password": "‹redacted›"}
    assert run.entries[0]["response"]["body"] == {
        "access_token": "‹redacted›",
        "next": "https://‹redacted›@host/?sig=‹redacted›",
    }


async def test_a_log_that_cannot_be_written_keeps_the_answer_back(parts, gated_sink):
    async def fail(entries, journal):
        raise OSError("no space left")

    gated_sink.write = fail
    async with parts(sink=gated_sink) as run:
        with pytest.raises(OSError, match="no space left"):
            await run.send()


async def test_many_calls_at_once_are_all_durable_before_their_answer(
    parts, upstream, gated_sink, guest_call
):
    requests = [{"method": "GET", "path": f"/{n}", "endpoint": "platform"} for n in range(30)]
    async with parts(sink=gated_sink) as run:
        answer = await run.ask("http", "send_all", {"requests": requests})

    assert [each["url"].rpartition("/")[2] for each in answer.value] == [str(n) for n in range(30)]
    assert [entry.seq for entry in gated_sink.kept] == list(range(1, 31))


async def test_a_refusal_stands_in_the_stream_also_when_the_run_ends_before_it_is_explained(parts, upstream):
    upstream.status = 403
    async with parts() as run:
        run.explaining.clear()
        asked = asyncio.create_task(run.send())
        await run.asked_why.wait()
        asked.cancel()
        await asyncio.wait([asked])

    assert run.kinds == ["http.exchange", "permission.denied"]
    assert "explain" not in run.entries[1]
    # That it was answered is known as well: whoever goes on with the run does not send it again.
    [answered] = run.sender.taken()
    assert answered.response.status_code == 403


async def test_a_call_that_the_end_of_the_run_breaks_off_leaves_an_entry(parts, upstream):
    upstream.gate.clear()
    async with parts() as run:
        asked = asyncio.create_task(run.send("/slow?token=of-somebody"))
        await upstream.reached.wait()
        asked.cancel()
        await asyncio.wait([asked])
        upstream.gate.set()
        assert run.entries == []
        run.sender.write_broken_off()

    [entry] = run.entries
    assert (entry["kind"], entry["level"], entry["source"]) == ("http.exchange", "warning", "deputize")
    assert entry["request"] == {"method": "GET", "url": "/slow?token=‹redacted›"}
    assert entry["error"] == {
        "cause": "run_ended",
        "message": "The run ended before an answer came. Whether the call took effect is not known.",
    }


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity"])
async def test_a_number_that_no_json_has_stands_in_the_stream_as_it_came(parts, upstream, number):
    """What cannot be written as JSON again could not be kept, and whoever answers would end the run."""
    upstream.body = f'{{"a": [{number}]}}'
    async with parts() as run:
        answer = await run.send()

    [entry] = run.entries
    assert entry["response"]["body"] == answer.value["text"] == upstream.body
    assert json.loads(json.dumps(entry, allow_nan=False)) == entry


async def test_a_secret_may_stand_for_any_text_of_a_request(parts, upstream):
    handle = {"$secret": "pager"}
    async with parts() as run:
        await run.send(
            method="POST",
            endpoint="Pager",
            headers=[["X-Key", handle], ["Authorization", {"$secret": "pager", "before": "GenieKey "}]],
            params=[["k", handle]],
            json={"a": [handle], "b": {"$secret": "pager", "after": "!"}},
        )
        await run.send(method="POST", endpoint="Pager", data=[["k", handle]])
        await run.send(method="POST", endpoint="Pager", content=handle)

    (_, _, headers, body), (_, _, _, form), (_, _, _, text) = upstream.requests
    assert (headers["x-key"], headers["authorization"]) == ("the-value-of-it", "GenieKey the-value-of-it")
    assert json.loads(body) == {"a": ["the-value-of-it"], "b": "the-value-of-it!"}
    assert (form, text) == ("k=the-value-of-it", "the-value-of-it")
    first, *_ = run.entries
    assert first["request"]["body"] == {"a": ["‹secret:pager›"], "b": "‹secret:pager›!"}
    assert first["request"]["url"].endswith("/x?k=‹secret:pager›")
    assert first["request"]["headers"]["X-Key"] == "‹secret:pager›"
    assert first["sent_as"] == "service"
    assert "the-value-of-it" not in repr(run.entries)


async def test_a_secret_for_another_endpoint_is_refused_before_anything_is_sent(parts, upstream):
    async with parts() as run:
        answer = await run.send(headers=[["X-Key", {"$secret": "pager"}]])

    assert isinstance(answer, Failed)
    assert (answer.type, answer.cause) == ("HttpError", "invalid_request")
    assert "the secret 'pager' may not be sent there" in answer.message
    assert run.entries[0]["error"]["cause"] == "invalid_request"
    assert upstream.requests == []


@pytest.mark.parametrize(
    "value",
    [
        {"$secret": 1},
        {"$secret": "pager", "more": 1},
        {"$secret": "pager", "before": 2},
        {"$Secret": "pager"},
    ],
)
async def test_json_that_only_resembles_a_reference_is_sent_as_it_is(parts, upstream, value):
    async with parts() as run:
        await run.send(method="POST", endpoint="Pager", json=[value])

    assert json.loads(upstream.requests[0][3]) == [value]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"user": "dana"}, "http.send: request.user: Extra inputs are not permitted"),
        ({"headers": [["a"]]}, "http.send: request.headers.0.1: Field required"),
        ({"headers": {"a": "b"}}, "http.send: request.headers: Input should be a valid list"),
        (
            {"headers": [["a", {"$secret": "x", "y": 1}]]},
            "http.send: request.headers.0.1.str: Input should be a valid string",
        ),
        ({"method": 1}, "http.send: request.method: Input should be a valid string"),
        ({"timeout": 0}, "http.send: request.timeout: Input should be greater than 0"),
    ],
)
async def test_a_malformed_request_is_the_scripts_own_error(parts, upstream, more, said):
    async with parts() as run:
        answer = await run.send(**more)

    assert answer == Failed("ValueError", said)
    assert upstream.requests == []
    assert run.entries == []


async def test_calls_beyond_the_limit_are_not_made(parts, upstream, guest_call):
    requests = [{"method": "GET", "path": "/", "endpoint": "platform"}] * 3
    async with parts(calls=2) as run:
        with pytest.raises(LimitReached, match="calls = 2"):
            await run.ask("http", "send_all", {"requests": requests})

    assert upstream.requests == []


async def test_an_unknown_method_is_the_scripts_own_error(parts, guest_call):
    async with parts() as run:
        answer = await run.ask("http", "become", {"user": "dana"})

    assert answer == Failed("LookupError", "http has no method 'become'")


async def test_calls_at_the_same_time_are_waited_for_once(parts, upstream, guest_call):
    requests = [{"method": "GET", "path": "/", "endpoint": "platform"}] * 10
    async with parts() as run:
        upstream.gate.clear()
        asked = asyncio.create_task(run.ask("http", "send_all", {"requests": requests}))
        await upstream.reached.wait()
        upstream.gate.set()
        await asked

    assert 0 < run.sender.waited_ms < sum(entry["elapsed_ms"] for entry in run.entries)
