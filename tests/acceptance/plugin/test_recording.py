"""Which calls of a run against a bundle are answered by what, what is sent, and what is never written."""

import base64
import json
from datetime import UTC, datetime

import pytest

from deputize.bundle.errors import BundleInvalid, BundleMissing, RecordingRefused, SecretInBundle
from deputize.bundle.reading import read_bundle
from deputize.testing import UnmockedCall

SECRET = "correct-horse-battery"
TELL = """
def main(http, clock):
    person = http.get("/api/xm/1/people/dana")
    name = person.json()["targetName"] if person.ok else "somebody"
    told = http.post("/notes", endpoint="Desk", json={"name": name})
    return [name, told.status_code, clock.now().year]
"""
FORM = """
[plans.p.forms.alert]
senders = "all"
[plans.p.integrations.post]
auth = "basic"
action = "CREATE_EVENT"
form = "alert"
script = "post.py"
[plans.p.integrations.set_off]
on = "STATUS"
form = "alert"
script = "tell.py"
"""
SCRIPTS = {
    "tell.py": TELL,
    "tell_more.py": TELL.replace('"name": name', '"name": name, "by": "script"'),
    "leak.py": f"KEY = {SECRET!r}\n{TELL}",
    "post.py": "def main(form):\n    return form.post(properties={}).status_code\n",
    "twice.py": "def main(http):\n"
    '    http.post("/notes", endpoint="Desk", json={"password": "hunter2"})\n'
    '    return http.post("/notes", endpoint="Desk", json={"password": "hunter2"}).status_code\n',
    "drawn.py": "import uuid\n\n\ndef main(http, request):\n"
    '    body = {"id": str(uuid.uuid4()), "request": request.request_id}\n'
    '    return http.post("/notes", endpoint="Desk", json=body).status_code\n',
}


@pytest.fixture(scope="module")
def project(running_desk, tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    (folder / "deputize.toml").write_text(running_desk.project + FORM, encoding="utf-8")
    for name, text in SCRIPTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def deputize_project(project):
    return project


@pytest.fixture
def told(deputize_bench, tmp_path):
    """The file of the bundle ``told``."""
    deputize_bench.folder = tmp_path
    return tmp_path / "bundles" / "told.deputize"


@pytest.fixture
def run(deputize_bench, deputize_run, told):
    """``run(script, mode)``: a run against ``told``, by default as dana."""

    def run(script="tell", mode="none", *, as_user="dana", **more):
        deputize_bench.mode = mode
        return deputize_run(script, bundle="told", as_user=as_user, **more)

    return run


@pytest.fixture
def recorded(run, deputize_bench, desk, told, monkeypatch):
    """The bundle, recorded by a run of ``tell`` as dana; the secret of the real system is gone again."""
    run("tell", "missing")
    deputize_bench.mode = "none"
    desk.received.clear()
    monkeypatch.delenv("DEPUTIZE_SECRET_DESK")
    return told


def test_no_credential_is_written_in_any_form(run, desk, told):
    run("tell", "missing")
    text = told.read_text(encoding="utf-8")
    basic = base64.b64encode(f"svc:{SECRET}".encode()).decode()

    assert desk.received == [("/api/notes", {"name": "dana"})]
    assert [each for each in (SECRET, basic, basic.rstrip("="), "dpt_", "Bearer ") if each in text] == []
    assert told.stat().st_mode & 0o777 == 0o600


def test_while_the_record_has_an_answer_nothing_is_sent_and_no_secret_is_needed(run, desk, recorded):
    written = recorded.read_bytes()

    assert run("tell", "missing").result == ["dana", 201, 2025]
    assert run("tell", "none", in_process=True).result == ["dana", 201, 2025]
    assert (desk.received, recorded.read_bytes()) == ([], written)


def test_what_is_missing_is_sent_and_recorded_beside_what_there_was(run, desk, recorded, monkeypatch):
    monkeypatch.setenv("DEPUTIZE_SECRET_DESK", SECRET)
    run("tell_more.py", "missing")
    sent = list(desk.received)
    run("tell_more.py", "none")

    assert desk.received == sent == [("/api/notes", {"name": "dana", "by": "script"})]


def test_all_of_it_is_recorded_anew_when_that_is_asked_for(run, desk, recorded, monkeypatch):
    monkeypatch.setenv("DEPUTIZE_SECRET_DESK", SECRET)
    desk.status = 409

    assert run("tell", "none").result[1] == 201
    assert run("tell", "all").result[1] == 409
    assert run("tell", "none").result[1] == 409
    assert desk.received == [("/api/notes", {"name": "dana"})]


def test_what_is_left_out_is_as_it_was_recorded(deputize_run, recorded):
    run = deputize_run(bundle="told")

    assert (run.script.name, run.initiator.id, run.result) == ("tell", "dana", ["dana", 201, 2025])


def test_chance_and_request_id_are_those_of_the_record(run, desk, told):
    run("drawn.py", "missing", payload={"a": 1})

    assert run("drawn.py", payload={"a": 1}).result == 201


def test_equal_calls_are_answered_in_their_order_and_no_oftener_than_they_were(run, desk, told):
    run("twice.py", "missing")
    document = json.loads(told.read_text(encoding="utf-8"))
    document["har"]["log"]["entries"][0]["response"]["status"] = 500
    told.write_text(json.dumps(document), encoding="utf-8")

    assert [each.status_code for each in run("twice.py").activity if each.kind == "http.exchange"] == [
        500,
        201,
    ]
    del document["har"]["log"]["entries"][1]
    document["calls"][1]["exchanges"] = []
    told.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(
        UnmockedCall, match=r"told\.deputize has fewer records of it, or with other headers: 1"
    ):
        run("twice.py")


def test_a_field_that_was_replaced_in_the_record_is_replaced_to_compare(run, desk, told):
    run("twice.py", "missing")
    sent = json.loads(told.read_text(encoding="utf-8"))["har"]["log"]["entries"][0]["request"]["postData"]

    assert "hunter2" not in sent["text"]
    assert run("twice.py").result == 201


def test_without_the_real_secret_nothing_is_sent_and_nothing_written(run, desk, told, monkeypatch):
    monkeypatch.delenv("DEPUTIZE_SECRET_DESK")
    with pytest.raises(RecordingRefused) as refused:
        run("tell", "missing")

    assert str(refused.value) == (
        f"{told}: not written: POST {desk.url}/notes was not sent. Endpoint 'Desk' needs the secret 'desk', "
        "which is not set. Set DEPUTIZE_SECRET_DESK."
    )
    assert (desk.received, told.exists()) == ([], False)


def test_an_answer_that_does_not_come_is_not_recorded(run, desk, told):
    desk.status = 99
    with pytest.raises(RecordingRefused, match=f"not written: POST {desk.url}/notes got no answer. "):
        run("tell", "missing")

    assert not told.exists()


def test_a_secret_that_stands_in_the_script_is_refused_and_nothing_is_written(run, desk, told):
    with pytest.raises(
        SecretInBundle, match=r"^the script of run .* holds the value of secret desk: the bundle was not"
    ):
        run("leak.py", "missing")

    assert not told.exists()


def test_a_route_of_the_test_answers_before_the_record_does(run, deputize_mock, recorded):
    deputize_mock.endpoint("Desk").post("/notes").respond(500)

    assert run("tell").result == ["dana", 500, 2025]


def test_what_a_route_has_answered_is_not_recorded(run, deputize_mock, desk, told):
    deputize_mock.endpoint("Desk").post("/notes").respond(201)
    with pytest.raises(RecordingRefused) as refused:
        run("tell", "missing")

    assert str(refused.value) == (
        f"{told}: not written: a route of the test has answered POST Desk /api/notes. "
        "Take it out while you record."
    )
    assert (desk.received, told.exists()) == ([], False)


def test_what_a_person_was_answered_answers_nobody_else_and_the_platform_judges_them_itself(
    run, deputize_mock, recorded
):
    with pytest.raises(UnmockedCall) as unmocked:
        run("tell", as_user="rob")
    deputize_mock.endpoint("Desk").post("/notes").respond(201)
    mocked = run("tell", as_user="rob")

    assert (
        f"{recorded} is a run of dana: what dana was answered does not answer rob. Mock the call, or name a "
        "bundle of rob's own."
    ) in str(unmocked.value)
    assert mocked.result == ["somebody", 201, 2025]
    assert mocked.refusals[0].explain.initiator == "rob"


def test_what_a_service_account_was_answered_answers_everybody(run, desk, told):
    run("twice.py", "missing")

    assert run("twice.py", as_user="rob").result == 201


@pytest.mark.parametrize("mode", ["missing", "all"])
def test_nothing_is_recorded_into_the_bundle_of_somebody_else(run, desk, recorded, monkeypatch, mode):
    monkeypatch.setenv("DEPUTIZE_SECRET_DESK", SECRET)
    written = recorded.read_bytes()
    with pytest.raises(UnmockedCall, match="is a run of dana"):
        run("tell", mode, as_user="rob")

    assert (desk.received, recorded.read_bytes()) == ([], written)


def test_a_refusal_is_explained_as_it_was_recorded(run, desk, told):
    recording, offline = run("tell", "missing", as_user="rob"), run("tell", as_user="rob")

    assert offline.refusals[0].explain == recording.refusals[0].explain
    assert offline.refusals[0].explain.needs == ("View or Use on role Company Supervisor",)


def test_a_failure_of_the_record_fails_again(run, recorded):
    document = json.loads(recorded.read_text(encoding="utf-8"))
    document["har"]["log"]["entries"][1]["_deputize"]["failure"] = {
        "cause": "timeout",
        "message": "Too slow.",
    }
    recorded.write_text(json.dumps(document), encoding="utf-8")
    failed = run("tell")

    assert (failed.state, failed.error.type) == ("FAILED", "HttpError")
    assert "Too slow." in failed.error.message


def test_the_time_is_that_of_the_record_unless_the_test_sets_it(run, recorded, deputize_clock):
    document = json.loads(recorded.read_text(encoding="utf-8"))
    document["head"]["now"] = "2031-05-05T05:05:05Z"
    for call in document["calls"]:
        call["now"] = "2031-05-05T05:05:06Z"
    recorded.write_text(json.dumps(document), encoding="utf-8")

    assert run("tell").result[2] == 2031
    deputize_clock.now = datetime(1999, 1, 1, tzinfo=UTC)
    assert run("tell").result[2] == 1999


def test_only_calls_of_the_run_itself_are_sent(run, deputize_run, desk, told):
    run("tell", "missing")
    with pytest.raises(UnmockedCall, match="POST Desk /notes"):
        deputize_run("tell", as_user="dana")

    assert len(desk.received) == 1


def test_what_its_events_set_off_is_neither_sent_nor_recorded(run, deputize_run, deputize_mock, desk, told):
    deputize_mock.endpoint("Desk").post("/notes").respond(201)
    run("post", "missing", payload={})
    [set_off] = deputize_run.settled()
    offline = run("post", payload={})

    assert (set_off.name, set_off.state) == ("set_off", "COMPLETED")
    assert offline.result == 202
    assert desk.received == []
    assert len(read_bundle(told).har.log.entries) == 1


def test_a_bundle_of_a_server_answers_although_its_plan_and_form_have_other_ids(
    run, deputize_mock, desk, told
):
    deputize_mock.allow_unused()
    deputize_mock.endpoint("Desk").post("/notes").respond(201)
    run("post", "missing", payload={})
    text = told.read_text(encoding="utf-8")
    document = json.loads(text)
    form = document["head"]["form"]
    for each in (form["plan_id"], form["form_id"], document["run"]["integration_id"]):
        text = text.replace(each, f"{each[:-4]}0000")
    told.write_text(text, encoding="utf-8")

    assert run("post").result == 202


@pytest.mark.parametrize("content", [b"{", b'{"schema": 2}', b"\x80\x04N.", b"[" * 100_000])
def test_a_file_that_is_no_bundle_is_named(run, told, content):
    told.parent.mkdir()
    told.write_bytes(content)
    with pytest.raises(BundleInvalid, match=r"told\.deputize: no bundle of schema 1: "):
        run("tell")


def test_a_bundle_that_is_not_there_is_told_with_the_nearest(deputize_run, recorded):
    with pytest.raises(BundleMissing) as missing:
        deputize_run("tell", bundle="tolld", as_user="dana")

    assert str(missing.value) == (
        f'{recorded.with_stem("tolld")}: no such bundle. Did you mean "told"? Bundles there: told. Fetch one '
        "with `deputize bundle pull`, or record it once from the real system: pytest --deputize-record=missing."
    )


@pytest.mark.parametrize("path", ["/etc/passwd", "../../secrets.py"])
def test_a_bundle_leads_to_no_script_outside_of_the_project(deputize_run, recorded, path):
    document = json.loads(recorded.read_text(encoding="utf-8"))
    document["run"]["integration_id"] = None
    document["script"]["path"] = path
    recorded.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(BundleInvalid, match=f"^the script {path} of run .* is not one of the project"):
        deputize_run(bundle="told")


def test_a_script_or_a_bundle_is_needed(deputize_run, deputize_bench, told):
    with pytest.raises(TypeError, match=r"^deputize_run takes a script, or a bundle that names one$"):
        deputize_run()
    deputize_bench.mode = "missing"
    with pytest.raises(
        TypeError, match=r"told\.deputize is yet to be recorded; name the script that makes it$"
    ):
        deputize_run(bundle="told")
