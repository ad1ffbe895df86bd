"""The list of people is that of the initiator."""

import httpx

PEOPLE = "/api/xm/1/people"


def test_two_initiators_have_two_lists_and_neither_an_error(run_all):
    runs = run_all([("list_people", {}, "dana"), ("list_people", {}, "rob")])

    assert [each.state for each in runs] == ["COMPLETED", "COMPLETED"]
    assert [each.refusals for each in runs] == [(), ()]
    assert [each.result for each in runs] == [
        {"seen by": "dana", "people": ["dana", "mmcbride", "rob"]},
        {"seen by": "rob", "people": ["rob"]},
    ]


def test_every_page_is_read(run, mocked):
    mocked["platform"].get(PEOPLE).mock(
        side_effect=[
            httpx.Response(
                200, json={"data": [{"targetName": "ana"}], "links": {"next": f"{PEOPLE}?offset=1&limit=1"}}
            ),
            httpx.Response(200, json={"data": [{"targetName": "bo"}], "links": {}}),
        ]
    )

    assert run("list_people", {}).result["people"] == ["ana", "bo"]


def test_a_list_that_is_refused_is_not_an_empty_one(run, mocked, refused):
    mocked["platform"].get(PEOPLE).respond(**refused)

    done = run("list_people", {}, as_="rob")

    assert done.state == "FAILED"
    assert len(done.refusals) == 1


def test_a_list_that_breaks_off_is_not_the_whole_one(run, mocked):
    first = {"data": [{"targetName": "ana"}], "links": {"next": f"{PEOPLE}?offset=1&limit=1"}}
    mocked["platform"].get(PEOPLE).mock(side_effect=[httpx.Response(200, json=first), httpx.Response(500)])

    assert run("list_people", {}).state == "FAILED"
