"""What stands in the file, what never does, and files that are no bundles."""

import base64
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deputize.activity.journal import JournalBody, JournalExchange
from deputize.bundle import har
from deputize.bundle.errors import BundleInvalid, NotRecorded, SecretInBundle
from deputize.bundle.file import write_bundle
from deputize.bundle.reading import parse_bundle, read_bundle

SECRETS = ("tickets-secret-value", "pager-secret-value", "real-secret-value")
LEAKS = """
def main(http, secrets, log, request):
    log.info(request.body)
    http.get("t", endpoint="Tickets")
    http.post("p", endpoint="Open", headers={"Authorization": "Bearer own-token-of-the-script"}, json={
        "k": secrets["pager"], "password": "typed-password"})
    return {"api_key": "returned-key-0123456789"}
"""


def test_no_secret_and_no_credential_is_in_the_file(recorder):
    _, bundle = recorder.record(LEAKS, payload={"text": "real-secret-value", "secret": "given-secret"})

    text = bundle.text()
    hidden = [
        *SECRETS,
        "answered-password",
        "typed-password",
        "own-token-of-the-script",
        "given-secret",
        "returned-key-0123456789",
        "constant-that-is-one",
        base64.b64encode(b"svc:tickets-secret-value").decode(),
    ]
    outside_the_script = text.replace(json.dumps(bundle.script.source), "")
    assert [each for each in hidden if each in outside_the_script] == []
    assert {each.path for each in bundle.redacted} >= {"/head/constants/access_token", "/result/api_key"}


def test_the_real_secrets_are_not_in_it_either_where_stand_ins_have_answered(recorder, again):
    encoded = base64.b64encode(b"tickets-secret-value").decode()
    payload = {"of an endpoint": "tickets-secret-value", "encoded": encoded, "named": "pager-secret-value"}
    _, bundle = recorder.record(
        "def main(log, payload):\n    log.info('got it', what=payload)\n    return payload\n", payload=payload
    )

    hidden = ("tickets-secret-value", encoded, "pager-secret-value")
    assert [each for each in hidden if each in bundle.text()] == []
    assert bundle.result == {
        "of an endpoint": "‹secret:tickets›",
        "encoded": "‹secret:tickets›",
        "named": "‹secret:pager›",
    }
    assert again(bundle)[1].identical


def test_a_script_that_holds_a_secret_is_not_written_out(recorder):
    with pytest.raises(SecretInBundle, match=r"^the script of run \S+ holds the value of secret real"):
        recorder.record("def main():\n    return 'real-secret-value'[:3]\n")


def test_a_file_is_readable_by_its_owner_alone_and_reads_as_it_was_written(recorder, tmp_path):
    _, bundle = recorder.record("def main(http):\n    return http.get('x', endpoint='Open').text\n")
    path = tmp_path / "new" / "it.deputize"

    write_bundle(bundle, path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert read_bundle(path) == bundle


def test_its_har_is_har(recorder):
    _, bundle = recorder.record("def main(http):\n    http.post('x?a=1', endpoint='Open', json=[1])\n")

    document = json.loads(bundle.text())
    log = document["har"]["log"]
    assert (log["version"], log["creator"]["name"]) == ("1.2", "deputize")
    (entry,) = log["entries"]
    assert (entry["request"]["method"], entry["request"]["queryString"]) == (
        "POST",
        [{"name": "a", "value": "1"}],
    )
    assert entry["request"]["postData"] == {"mimeType": "application/json", "text": "[1]"}
    assert (entry["response"]["status"], entry["response"]["statusText"]) == (200, "OK")


pairs = st.lists(st.tuples(st.text(min_size=1, max_size=9), st.text(max_size=9)), max_size=3).map(tuple)
bodies = st.binary(max_size=30).map(JournalBody.of)


@st.composite
def exchanges(draw):
    outcome = draw(st.sampled_from(["response", "failure", "missing"]))
    made = {
        "response": {
            "status_code": draw(st.integers(100, 599)),
            "headers": draw(pairs),
            "body": draw(bodies),
        },
        "failure": {"cause": "dns", "message": draw(st.text())},
        "missing": draw(st.text()),
    }
    return JournalExchange.model_validate(
        {
            "endpoint": draw(st.text()),
            "sent_as": draw(st.sampled_from(["initiator", "service", "anonymous"])),
            "request": {
                "method": "GET",
                "url": "https://a.example/" + draw(st.text("ab?&=%", max_size=9)),
                "headers": draw(pairs),
                "body": draw(st.none() | bodies),
            },
            outcome: made[outcome],
            "started": draw(st.floats(0, 4e9)),
            "elapsed_ms": draw(st.floats(0, 1e6)),
            "resent": draw(st.booleans()),
        }
    )


ENTRY = ("har", "log", "entries", 0)


@given(exchanges())
def test_an_exchange_comes_back_from_its_har_entry_as_it_was(exchange):
    entry = json.loads(json.dumps(har.entry_of(exchange)))

    assert har.exchange_of(entry) == exchange


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    from tests.runtime.bundle.conftest import Recorder

    recorder = Recorder(tmp_path_factory.mktemp("project"))
    _, bundle = recorder.record("def main(http):\n    http.get('x', endpoint='Open')\n")
    return bundle.text()


def changed(text, *path_and_value):
    *path, last, value = path_and_value
    document = json.loads(text)
    place = document
    for each in path:
        place = place[each]
    place[last] = value
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (("schema", 2), "no bundle of schema 1: /schema: Input should be 1."),
        (("run", "state", "DONE"), "no bundle of schema 1: /run/state: Input should be"),
        (("head", "seed", None), "no bundle of schema 1: /head/seed: Input should be a valid string."),
        (("more", 1), "no bundle of schema 1: /more: Extra inputs are not permitted."),
        (("calls", 0, "exchanges", [7]), "call 1 names an exchange that the HAR does not have."),
        (("calls", 0, "exchanges", [-1]), "call 1 names an exchange that the HAR does not have."),
        (("activity", 0, "kind", "bark"), "no bundle of schema 1: /activity/0: Input tag 'bark'"),
        (("run", "id", 'x"""'), "no bundle of schema 1: /run/id: String should match pattern"),
        (
            ("head", "limits", "memory_mb", 10**9),
            "no bundle of schema 1: /head/limits/memory_mb: Input should",
        ),
        (
            ("head", "limits", "wall_seconds", "inf"),
            "no bundle of schema 1: /head/limits/wall_seconds: Input",
        ),
        (("head", "form", {"name": "alert"}), "no bundle of schema 1: /head/form/plan_id: Field required."),
        (
            ("head", "endpoints", "Open", {}),
            "no bundle of schema 1: /head/endpoints/base_url: Field required.",
        ),
        (
            ("head", "endpoints", "Open", "base_url", "file:///etc/passwd"),
            "no bundle of schema 1: /head/endpoints: endpoint 'Open': base_url 'file:///etc/passwd' must begin",
        ),
        (("head", "endpoints", {}), "no bundle of schema 1: /head/endpoints: platform is missing."),
        (("start", "provided", {}), "no bundle of schema 1: /start/provided/headers: Field required."),
        (("start", "trigger", "NOON"), "/start/trigger: 'NOON' sets nothing off."),
        ((*ENTRY, "response", "status", 10**9), "/har/log/entries/0: 1000000000 is no status."),
        ((*ENTRY, "time", "1e400"), "/har/log/entries/0: it began or took what no clock shows."),
        ((*ENTRY, "_deputize", "started", -1), "/har/log/entries/0: it began or took what no clock shows."),
        (
            (*ENTRY, "_deputize", "failure", {"cause": "x()", "message": ""}),
            "/har/log/entries/0: 'x()' is no cause of a failure.",
        ),
        ((*ENTRY, "request", None), "/har/log/entries/0: an entry of the HAR is not as this product writes"),
    ],
)
def test_a_wrong_value_is_named_by_its_place(written, path, said):
    with pytest.raises(BundleInvalid) as refused:
        parse_bundle(changed(written, *path), where="7Q4.deputize")

    assert str(refused.value).startswith(f"7Q4.deputize: {said}")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff\xfe", b"PK\x03\x04", b"[" * 100_000, b'{"schema": 1}', b"\x80\x04K\x01."],
)
def test_what_is_no_bundle_is_refused(content):
    with pytest.raises(BundleInvalid, match="no bundle of schema 1"):
        parse_bundle(content, where="x")


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"_deputize": None},
        {"_deputize": {}, "request": {}, "response": {}},
    ],
)
def test_a_har_entry_of_somebody_else_is_refused(entry):
    with pytest.raises(BundleInvalid, match="an entry of the HAR is not as this product writes them"):
        har.exchange_of(entry)


def test_a_run_that_nobody_knows_has_no_bundle(recorder):
    import asyncio

    from deputize import Runtime

    (recorder.folder / "it.py").write_text("def main():\n    return 1\n")

    async def ask():
        async with Runtime.open(recorder.folder, stand_ins=True) as runtime:
            await runtime.bundle("no such run")

    with pytest.raises(NotRecorded, match=r"^run no such run is not one of this runtime"):
        asyncio.run(ask())


@pytest.mark.parametrize("path", ["/dev/zero", "."])
def test_what_is_no_file_is_not_read(path):
    with pytest.raises(BundleInvalid, match=f"^{re.escape(path)}: is no file"):
        read_bundle(Path(path))
