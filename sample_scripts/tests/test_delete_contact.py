"""A Salesforce contact goes, and their group with the last one in it."""

import pytest

API = "/api/xm/1"
PERSON = f"{API}/people/0035e00000AbCdE"
GROUP = f"{API}/groups/Field Service"


@pytest.fixture
def platform(deputize_mock):
    return deputize_mock.endpoint("platform")


@pytest.fixture
def deleted(platform):
    return platform.delete(PERSON).respond(json={"id": "p1"})


@pytest.fixture
def form(platform):
    return platform.post(path__regex=r"/triggers$").respond(202, json={"requestId": "r1"})


def test_an_empty_group_goes_with_the_last_person(
    deputize_run, deputize_sample, platform, deleted, form, bodies
):
    platform.get(f"{GROUP}/members").respond(json={"count": 0, "data": []})
    platform.delete(GROUP).respond(json={"id": "g1"})

    done = deputize_run("delete_contact", payload=deputize_sample("delete_contact"))

    assert done.result == {"department": "Field Service Group Has Been Deleted."}
    properties = bodies(form)[0]["properties"]
    assert properties["Department"] == "Field Service Group Has Been Deleted."
    assert properties["Type"] == "Delete"


def test_a_group_with_others_stays(deputize_run, deputize_sample, platform, deleted, form):
    platform.get(f"{GROUP}/members").respond(json={"count": 1, "data": [{}]})

    done = deputize_run("delete_contact", payload=deputize_sample("delete_contact"))

    assert done.result == {"department": "Field Service Group still Exists."}


def test_a_group_that_is_gone_is_no_error(deputize_run, deputize_sample, platform, deleted, form):
    platform.get(f"{GROUP}/members").respond(404)

    done = deputize_run("delete_contact", payload=deputize_sample("delete_contact"))

    assert done.result == {"department": "Field Service Group Does Not Exist."}


def test_an_empty_group_that_may_not_be_deleted_is_reported(
    deputize_run, deputize_sample, platform, deleted, form, refused, logged
):
    platform.get(f"{GROUP}/members").respond(json={"count": 0, "data": []})
    platform.delete(GROUP).respond(**refused)

    done = deputize_run("delete_contact", payload=deputize_sample("delete_contact"), as_user="rob")

    assert done.state == "COMPLETED"
    assert done.result == {
        "department": "Field Service is an Empty Group, but has Not Been Deleted due to an Error."
    }
    assert logged(done) == ["cannot delete an empty group"]


@pytest.mark.parametrize("status", [401, 403, 500])
def test_a_person_who_may_not_be_deleted_ends_the_run(deputize_run, deputize_sample, platform, calls, status):
    platform.delete(PERSON).respond(status)

    done = deputize_run("delete_contact", payload=deputize_sample("delete_contact"), as_user="rob")

    assert done.state == "FAILED"
    assert [each.partition(" ")[0] for each in calls(done)] == ["DELETE"]


def test_a_group_that_cannot_be_read_is_not_taken_for_empty(
    deputize_run, deputize_sample, platform, deleted, refused
):
    platform.get(f"{GROUP}/members").respond(**refused)

    assert (
        deputize_run("delete_contact", payload=deputize_sample("delete_contact"), as_user="rob").state
        == "FAILED"
    )


def test_a_person_who_is_gone_already_is_no_error(deputize_run, deputize_sample, platform, form):
    platform.delete(PERSON).respond(204)
    platform.get(f"{GROUP}/members").respond(404)

    assert deputize_run("delete_contact", payload=deputize_sample("delete_contact")).state == "COMPLETED"


def test_a_form_that_is_refused_fails_the_run(deputize_run, deputize_sample, platform, deleted, refused):
    platform.get(f"{GROUP}/members").respond(404)
    platform.post(path__regex=r"/triggers$").respond(**refused)

    assert (
        deputize_run("delete_contact", payload=deputize_sample("delete_contact"), as_user="rob").state
        == "FAILED"
    )


def test_on_the_platform_person_and_group_are_gone(deputize_run):
    deputize_run("sync_contact", sample="sync_contact")
    deleted = deputize_run("delete_contact", sample="delete_contact")
    listed = deputize_run("list_people", payload={})

    assert deleted.result == {"department": "Field Service Group Has Been Deleted."}
    assert "0035e00000AbCdE" not in listed.result["people"]


def test_on_the_platform_one_who_may_not_delete_changes_nothing(deputize_run):
    deputize_run("sync_contact", sample="sync_contact")
    tried = deputize_run("delete_contact", sample="delete_contact", as_user="rob")
    listed = deputize_run("list_people", payload={})

    assert tried.state == "FAILED"
    assert "0035e00000AbCdE" in listed.result["people"]
