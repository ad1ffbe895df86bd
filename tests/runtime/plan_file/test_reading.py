"""A plan file is read as other programs write it; what is not understood is listed."""

import io
import json
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deputize.plan_file import PlanFile, PlanFileInvalid, read_plan_file, write_plan_file
from deputize.plan_file.calls import calls_in
from deputize.plan_file.records import (
    ConstantRecord,
    EndpointRecord,
    FormRecord,
    IntegrationRecord,
    LibraryRecord,
    OwnAccess,
    OwnForm,
    OwnPlan,
    OwnScript,
    PlanRecord,
    ResponseRecord,
)

ENGINE = {"version": "1.8", "name": "Disk alerts", "description": "", "isActive": True, "order": 2}


def zipped(**members):
    """Return a zip; a name has ``__`` where its slash is."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in {"engine_json": ENGINE, **members}.items():
            text = value if isinstance(value, bytes | str) else json.dumps(value)
            archive.writestr(name.replace("__", "/").replace("_json", ".json"), text)
    return target.getvalue()


def faults(data):
    with pytest.raises(PlanFileInvalid) as refused:
        read_plan_file(data)
    assert refused.value.code == "PLAN_FILE_INVALID"
    return str(refused.value).splitlines()


def test_a_file_of_another_program_is_read():
    file = read_plan_file(
        zipped(
            forms__Alert__17_json={
                "name": "Alert",
                "uuid": "0c7c4d0a-36b3-4d0a-9d3b-5d6a3fd6a111",
                "isActive": True,
                "isREST": False,
                "isMobileEnabled": True,
                "responses": [{"textResponse": "Fixed", "order": 1}, {"textResponse": "Mine", "order": 0}],
            },
            integrations__integrations_json={
                "integrations": [
                    {
                        "id": "7d5c7c6e-6f0e-4c37-8f0e-0f8f6f0d1222",
                        "name": "Disk full",
                        "action": "CREATE_EVENT",
                        "type": "INBOUND_WEBHOOK",
                        "deployed": True,
                        "form": "0c7c4d0a-36b3-4d0a-9d3b-5d6a3fd6a111",
                        "script": "form.post(trigger);",
                        "environment": "HOSTED",
                        "authType": None,
                    }
                ],
                "endpoints": [{"name": "Desk", "baseUrl": "https://desk.example", "authentication": "BASIC"}],
                "constants": [{"name": "Room", "value": "4"}],
            },
            integrations__sharedfunctions_json=[{"name": "Desk tools", "script": "exports.x = 1;"}],
        )
    )

    assert file == PlanFile(
        plan=PlanRecord(version="1.8", name="Disk alerts", order=2),
        forms=(
            FormRecord(
                id="0c7c4d0a-36b3-4d0a-9d3b-5d6a3fd6a111",
                name="Alert",
                ui=True,
                mobile=True,
                responses=[ResponseRecord(text="Fixed", order=1), ResponseRecord(text="Mine")],
            ),
        ),
        integrations=(
            IntegrationRecord(
                id="7d5c7c6e-6f0e-4c37-8f0e-0f8f6f0d1222",
                name="Disk full",
                type="INBOUND_WEBHOOK",
                action="CREATE_EVENT",
                form="0c7c4d0a-36b3-4d0a-9d3b-5d6a3fd6a111",
                script="form.post(trigger);",
            ),
        ),
        endpoints=(EndpointRecord(name="Desk", base_url="https://desk.example", authentication="BASIC"),),
        constants=(ConstantRecord(name="Room", value="4"),),
        libraries=(LibraryRecord(name="Desk tools", script="exports.x = 1;"),),
    )


def test_what_means_nothing_here_is_listed():
    file = read_plan_file(
        zipped(
            engine_json={**ENGINE, "theme": "dark"},
            forms__Alert__1_json={
                "name": "Alert",
                "messages": {},
                "responses": [{"textResponse": "x", "digit": 1}],
            },
            forms__Other__2_json={"name": "Other", "messages": {}},
            properties__properties_json=[{"name": "Room"}],
            integrations__scriptSteps_json=[],
            other_zip=b"PK\x03\x04 is never opened",
        )
    )

    assert file.ignored == (
        "properties/properties.json",
        "integrations/scriptSteps.json",
        "other_zip",
        "engine.json#/theme",
        "forms/…#/messages",
        "forms/…#/responses/digit",
    )


@pytest.mark.parametrize(
    ("members", "lines"),
    [
        (
            {"engine_json": {"name": 5}},
            ["engine.json#/name: Input should be a valid string."],
        ),
        ({"engine_json": {"version": "1.7"}}, ["engine.json#/name: Field required."]),
        ({"engine_json": {"name": ""}}, ["engine.json#/name: String should have at least 1 character."]),
        (
            {"engine_json": {"name": "x" * 201}},
            ["engine.json#/name: String should have at most 200 characters."],
        ),
        (
            {"engine_json": [1]},
            ["engine.json: Input should be a valid dictionary or instance of PlanRecord."],
        ),
        (
            {"engine_json": "[" * 5000},
            ["engine.json: It is not one JSON value in UTF-8, or is nested too deeply."],
        ),
        (
            {"engine_json": '{"name": "\\ud800"}'},
            ["engine.json: It is not one JSON value in UTF-8, or is nested too deeply."],
        ),
        (
            {"engine_json": b'{"name": "\xff"}'},
            ["engine.json: It is not one JSON value in UTF-8, or is nested too deeply."],
        ),
        (
            {"engine_json": '{"name": NaN}'},
            ["engine.json: It is not one JSON value in UTF-8, or is nested too deeply."],
        ),
        (
            {"engine_json": '{"name": "a\\u0000b"}'},
            ["engine.json: A text holds a NUL, which cannot be kept. Leave it out."],
        ),
        (
            {
                "integrations__integrations_json": {
                    "integrations": [{"name": "x", "type": "INBOUND"}, {"name": []}]
                }
            },
            [
                "integrations/integrations.json#/integrations/0/type: Input should be 'INBOUND_WEBHOOK' or "
                "'OUTBOUND_WEBHOOK'.",
                "integrations/integrations.json#/integrations/1/name: Input should be a valid string.",
                "integrations/integrations.json#/integrations/1/type: Field required.",
            ],
        ),
        (
            {"integrations__sharedfunctions_json": {}},
            ["integrations/sharedfunctions.json: A list of at most 500 records is needed."],
        ),
        (
            {"integrations__sharedfunctions_json": [{"name": "x", "deputize": {"language": "perl"}}]},
            [
                "integrations/sharedfunctions.json#/0/deputize/language: Input should be 'python' or "
                "'javascript'."
            ],
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_place(members, lines):
    assert faults(zipped(**members)) == lines


def test_only_so_many_faults_are_told():
    many = [{"name": n} for n in range(30)]

    lines = faults(zipped(integrations__sharedfunctions_json=many))

    assert len(lines) == 21
    assert lines[-1] == "There are 10 more faults of this kind."


def named(alphabet="abc é/\\\u202e'\"<>%"):
    return st.text(alphabet, min_size=1, max_size=12)


ACCESS = st.builds(
    OwnAccess, everybody=st.booleans(), roles=st.lists(named(), max_size=2), people=st.integers(0, 3)
)
SCRIPT = st.builds(OwnScript, language=st.sampled_from(["python", "javascript"]), limits=st.just({}))
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
FILES = st.builds(
    PlanFile,
    plan=st.builds(
        PlanRecord,
        name=named(),
        description=TEXT,
        active=st.booleans(),
        own=st.none() | st.builds(OwnPlan, access=ACCESS, requests_per_minute=st.none() | st.integers(1, 9)),
    ),
    forms=st.lists(
        st.builds(
            FormRecord,
            id=st.none() | named(),
            name=named(),
            ui=st.booleans(),
            api=st.booleans(),
            email=st.booleans(),
            responses=st.lists(
                st.builds(ResponseRecord, textResponse=named(), order=st.integers(0, 5)), max_size=3
            ),
            own=st.none() | st.builds(OwnForm, senders=ACCESS),
        ),
        max_size=3,
    ).map(tuple),
    integrations=st.lists(
        st.builds(
            IntegrationRecord,
            id=st.none() | named(),
            name=named(),
            type=st.sampled_from(["INBOUND_WEBHOOK", "OUTBOUND_WEBHOOK"]),
            action=named(),
            deployed=st.booleans(),
            form=st.none() | named(),
            response_choice=st.none() | named(),
            script=TEXT,
            auth_type=st.none() | named(),
            own=st.none() | SCRIPT,
        ),
        max_size=3,
    ).map(tuple),
    endpoints=st.lists(st.builds(EndpointRecord, name=named(), base_url=TEXT), max_size=2).map(tuple),
    constants=st.lists(st.builds(ConstantRecord, name=named(), value=TEXT), max_size=3).map(tuple),
    libraries=st.lists(
        st.builds(LibraryRecord, name=named(), script=TEXT, own=st.none() | SCRIPT), max_size=2
    ).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(file=FILES)
def test_what_is_written_is_read_as_it_was(file):
    data = write_plan_file(file)

    assert read_plan_file(data) == file
    assert write_plan_file(file) == data


def test_calls_of_a_foreign_script_are_found_as_they_are_written():
    source = """
    var tools = require('Desk tools');
    var request = http.request({ "endpoint": "xMatters", "path": "/api/xm/1/people?x=1", method: 'GET' });
    request.write();
    http.request({ 'endpoint': 'Desk', method: 'POST', path: '/tickets/' + id });
    http.request({ endpoint: 'Desk', path: where });
    http.request({ endpoint: 'Desk', path: where });
    form.post(trigger);
    """

    assert calls_in(source) == (
        'library "Desk tools"',
        "form.post",
        'GET /api/xm/1/people?x=1 on "xMatters"',
        'POST /tickets/ on "Desk"',
        'GET a path that is put together on "Desk"',
    )


@pytest.mark.parametrize("part", ["http.request(", "endpoint:'", "require('", "path: ' ", "'"])
def test_a_hostile_script_takes_no_time(part):
    assert len(calls_in(part * (400_000 // len(part)))) <= 20
