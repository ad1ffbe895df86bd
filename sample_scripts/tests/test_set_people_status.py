"""Everybody of a list ends up under the heading of what became of them."""

import httpx
import pytest

PEOPLE = "/api/xm/1/people"


@pytest.fixture
def people(deputize_mock):
    """``people(ana="ACTIVE")`` adds somebody who can be read."""

    def add(**statuses):
        for name, status in statuses.items():
            deputize_mock.endpoint("platform").get(f"{PEOPLE}/{name}").respond(
                json={"id": f"id of {name}", "status": status}
            )

    return add


@pytest.fixture
def change(deputize_mock):
    return deputize_mock.endpoint("platform").post(PEOPLE).respond(200, json={})


@pytest.fixture
def switch(deputize_run):
    def switch(users, *, separator="comma", operation="deactivate", as_="dana"):
        payload = {"User List": users, "Separator": separator, "Operation": operation}
        return deputize_run("set_people_status", payload=payload, as_user=as_)

    return switch


def test_active_people_are_deactivated_and_inactive_ones_left(switch, people, change, bodies):
    people(ana="ACTIVE", bo="INACTIVE")

    done = switch("ana,bo")

    assert done.result == {
        "Users": "ana,bo",
        "Already Inactive": "bo",
        "Deactivated": "ana",
        "Not Found": "",
        "Not Permitted": "",
        "Not Processed": "",
        "Total Users": 2,
        "Total Already Inactive": 1,
        "Total Deactivated": 1,
        "Total Not Found": 0,
        "Total Not Permitted": 0,
        "Total Not Processed": 0,
    }
    assert bodies(change) == [{"id": "id of ana", "status": "INACTIVE"}]


def test_another_operation_activates(switch, people, change, bodies):
    people(ana="ACTIVE", bo="INACTIVE")

    done = switch("ana,bo", operation="Activate")

    assert (done.result["Already Active"], done.result["Activated"]) == ("ana", "bo")
    assert bodies(change) == [{"id": "id of bo", "status": "ACTIVE"}]


def test_only_a_404_means_not_found(switch, deputize_mock, refused):
    deputize_mock.endpoint("platform").get(f"{PEOPLE}/ana").respond(404)
    deputize_mock.endpoint("platform").get(f"{PEOPLE}/bo").respond(**refused)
    deputize_mock.endpoint("platform").get(f"{PEOPLE}/cy").respond(500)

    done = switch("ana,bo,cy", as_="rob")

    assert done.result["Not Found"] == "ana"
    assert done.result["Not Permitted"] == "bo"
    assert done.result["Not Processed"] == "cy"
    assert len(done.refusals) == 1


def test_somebody_who_may_be_read_and_not_changed_is_not_permitted(switch, deputize_mock, people, refused):
    people(ana="ACTIVE")
    deputize_mock.endpoint("platform").post(PEOPLE).respond(**refused)

    done = switch("ana", as_="rob")

    assert done.result["Not Permitted"] == "ana"


def test_a_change_that_fails_is_not_processed(switch, deputize_mock, people, logged):
    people(ana="ACTIVE")
    deputize_mock.endpoint("platform").post(PEOPLE).respond(500)

    done = switch("ana")

    assert done.result["Not Processed"] == "ana"
    assert logged(done) == ["cannot change a person"]


@pytest.mark.parametrize(
    ("separator", "users"), [("Newline", "ana\nbo"), ("a comma, please", "ana,bo"), ("PIPE", "ana|bo")]
)
def test_names_are_parted_by_the_separator_that_is_named(switch, people, separator, users):
    people(ana="INACTIVE", bo="INACTIVE")

    assert switch(users, separator=separator).result["Already Inactive"] == "ana,bo"


def test_blanks_empty_names_and_repetitions_are_dropped(switch, people):
    people(ana="INACTIVE", bo="INACTIVE")

    assert switch(" ana ,, bo,ana,").result["Users"] == "ana,bo"


@pytest.mark.parametrize("users", ["", " , "])
def test_an_empty_list_calls_nobody(switch, users):
    done = switch(users)

    assert done.result == {
        "Total Users": 0,
        "Users": "++ THERE WERE NO USERS PASSED IN. Nothing to do ++",
    }
    assert done.usage.calls == 0


def test_an_unknown_separator_calls_nobody(switch):
    done = switch("ana;bo", separator="semicolon")

    assert done.error.message == 'Separator is "semicolon"; it must be one of newline, comma, pipe'
    assert done.usage.calls == 0


def test_who_is_left_when_the_time_is_up_is_not_processed(switch, people, deputize_mock, deputize_clock):
    def answer_late(_request):
        deputize_clock.advance(60)
        return httpx.Response(200, json={"id": "id of ana", "status": "INACTIVE"})

    deputize_mock.endpoint("platform").get(f"{PEOPLE}/ana").mock(side_effect=answer_late)

    done = switch("ana,bo,cy")

    assert done.state == "COMPLETED"
    assert done.result["Already Inactive"] == "ana"
    assert done.result["Not Processed"] == "bo,cy"


def test_on_the_platform_an_initiator_with_less_rights_is_told_so(switch):
    by_rob, by_dana = (switch("mmcbride,nobody,rob", as_=user) for user in ("rob", "dana"))

    assert by_rob.result["Not Permitted"] == "mmcbride"
    assert by_rob.result["Not Found"] == "nobody"
    assert by_dana.result["Deactivated"] == "mmcbride"
    assert by_dana.result["Already Inactive"] == "rob"


def test_on_the_platform_who_switches_themselves_off_may_do_nothing_more(switch):
    done = switch("rob,mmcbride", as_="rob")

    assert done.result["Deactivated"] == "rob"
    assert done.result["Not Permitted"] == "mmcbride"
