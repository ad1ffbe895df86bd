"""Plans over HTTP: a zip goes out, and a zip comes in."""

import pytest

from deputize.plan_file import PlanFile, read_plan_file, write_plan_file
from deputize.plan_file.records import FormRecord, IntegrationRecord, PlanRecord

pytestmark = pytest.mark.anyio

ZIP = {"Content-Type": "application/zip"}
OLD = write_plan_file(
    PlanFile(
        plan=PlanRecord(name="Old"),
        forms=(FormRecord(name="Alert"),),
        integrations=(
            IntegrationRecord(
                name="Open", type="INBOUND_WEBHOOK", action="CREATE_EVENT_SIMPLE", form="Alert"
            ),
        ),
    )
)


async def bring_in(bench, query="", *, content=OLD, headers=ZIP):
    return await bench.client("ann").post(f"/api/v1/plans/import{query}", content=content, headers=headers)


async def test_a_plan_goes_out_as_a_zip_and_comes_in_again(bench):
    exported = await bench.client("ann").get("/api/v1/plans/incidents/export")

    assert exported.headers["content-type"] == "application/zip"
    assert read_plan_file(exported.content).integrations
    answer = await bring_in(bench, "?name=copy", content=exported.content)
    assert answer.status_code == 201
    report = answer.json()
    assert report["plan"] == "copy"
    assert {each["legacy"] for each in report["integrations"]} == {False}
    assert (await bench.client("ann").get("/api/v1/plans/copy")).json()["id"] == report["plan_id"]


async def test_legacy_integrations_come_in_when_asked_for(bench):
    answer = await bring_in(bench, "?keep_legacy=true&authentication=off&owner=rob")

    assert answer.status_code == 201
    assert [(each["name"], each["legacy"], each["enabled"]) for each in answer.json()["integrations"]] == [
        ("Open", True, True)
    ]


@pytest.mark.parametrize(
    ("query", "parameter", "detail"),
    [
        ("?owner=rob", "owner", "It goes with keep_legacy alone."),
        (
            "?keep_legacy=true&owner=rob",
            "authentication",
            'Say "on" or "off": what the plan had decides who may call.',
        ),
        (
            "?keep_legacy=true&authentication=off",
            "owner",
            "Give exactly one of owner and no_owner.",
        ),
        (
            "?keep_legacy=true&authentication=off&owner=nobody",
            "owner",
            "There is no active user of this name.",
        ),
        (
            "?name=a/b",
            "name",
            "A name has no slash or backslash, and is not made of dots: it stands in addresses.",
        ),
    ],
)
async def test_parameters_that_cannot_be_used_are_named(bench, query, parameter, detail):
    answer = await bring_in(bench, query)

    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"parameter": parameter, "detail": detail}]


async def test_what_is_no_zip_is_a_problem(bench):
    answer = await bring_in(bench, content=b"no zip")

    assert (answer.status_code, answer.json()["code"], answer.json()["detail"]) == (
        422,
        "PLAN_FILE_INVALID",
        "The file is no zip, or a broken one. Export the plan again.",
    )


async def test_a_body_of_another_type_is_not_read(bench):
    answer = await bring_in(bench, headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()["code"]) == (415, "MEDIA_TYPE_REFUSED")


async def test_a_plan_that_is_there_is_a_conflict(bench):
    await bring_in(bench)

    assert (await bring_in(bench)).status_code == 409
