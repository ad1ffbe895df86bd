"""The list of people is that of the initiator."""

import httpx

PEOPLE = "/api/xm/1/people"


def test_two_initiators_have_two_lists_and_neither_an_error(deputize_run):
    runs = [deputize_run("list_people", payload={}, as_user=user) for user in ("dana", "rob")]

    assert [each.state for each in runs] == ["COMPLETED", "COMPLETED"]
    assert [each.refusals for each in runs] == [(), ()]
    assert [each.result for each in runs] == [
        {"seen by": "dana", "people": ["dana", "mmcbride", "rob"]},
        {"seen by": "rob", "people": ["rob"]},
    ]


def test_every_page_is_read(deputize_run, deputize_mock):
    deputize_mock.endpoint("platform").get(PEOPLE).mock(
        side_effect=[
            httpx.Response(
                200, json={"data": [{"targetName": "ana"}], "links": {"next": f"{PEOPLE}?offset=1&limit=1"}}
            ),
            httpx.Response(200, json={"data": [{"targetName": "bo"}], "links": {}}),
        ]
    )

    assert deputize_run("list_people", payload={}).result["people"] == ["ana", "bo"]


def test_a_list_that_is_refused_is_not_an_empty_one(deputize_run, deputize_mock, refused):
    deputize_mock.endpoint("platform").get(PEOPLE).respond(**refused)

    done = deputize_run("list_people", payload={}, as_user="rob")

    assert done.state == "FAILED"
    assert len(done.refusals) == 1


def test_a_list_that_breaks_off_is_not_the_whole_one(deputize_run, deputize_mock):
    first = {"data": [{"targetName": "ana"}], "links": {"next": f"{PEOPLE}?offset=1&limit=1"}}
    deputize_mock.endpoint("platform").get(PEOPLE).mock(
        side_effect=[httpx.Response(200, json=first), httpx.Response(500)]
    )

    assert deputize_run("list_people", payload={}).state == "FAILED"
