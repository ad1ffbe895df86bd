"""A component has one incident on Status.io, which grows worse and comes to its end."""

import httpx
import pytest

PAGE = "568d8a3e3cada8c2490000dd"
INCIDENTS = f"/v2/incidents/{PAGE}"
COMPONENTS = f"/v2/component/list/{PAGE}"
CREATE, UPDATE = "/v2/incident/create", "/v2/incident/update"
EVENTS = "/api/xm/1/events"
TELL = {
    "notify_email": "1",
    "notify_sms": "0",
    "notify_webhook": "0",
    "social": "0",
    "irc": "0",
    "hipchat": "0",
    "slack": "0",
}
#: Component and container of ``Checkout`` on the page.
CHECKOUT = {
    "_id": "c1",
    "name": "Checkout",
    "containers": [{"_id": "d1", "name": "One"}, {"_id": "d2", "name": "Two"}],
}


def result(value, error="no"):
    return {"json": {"status": {"error": error, "message": "Said."}, "result": value}}


@pytest.fixture
def page(deputize_mock):
    return deputize_mock.endpoint("Status.io")


@pytest.fixture
def components(page):
    return page.get(COMPONENTS).respond(
        **result([{"_id": "c0", "name": "Search", "containers": []}, CHECKOUT])
    )


@pytest.fixture
def incidents(page):
    """``incidents(Checkout=[(state, status), …])``: the active incidents by component."""

    def add(**by_component):
        page.get(INCIDENTS).respond(
            **result({"active_incidents": list(by_component), "resolved_incidents": []})
        )
        for name, messages in by_component.items():
            incident = {
                "_id": f"incident of {name}",
                "components_affected": [{"name": name}],
                "messages": [{"state": state, "status": status} for state, status in messages],
            }
            page.get(f"/v2/incident/{PAGE}/{name}").respond(**result([incident]))

    return add


@pytest.fixture
def update(page):
    return page.post(UPDATE).respond(**result(True))


@pytest.fixture
def create(deputize_run, deputize_sample):
    return lambda **changes: deputize_run(
        "statusio_create", payload=deputize_sample("statusio_create", **changes)
    )


@pytest.fixture
def bring_to_an_end(deputize_run, deputize_sample, deputize_mock):
    """Run the script while so many events are about the component."""

    def bring(events=1, **changes):
        deputize_mock.endpoint("platform").get(EVENTS).respond(
            json={"count": events, "data": [], "links": {}}
        )
        return deputize_run(
            "statusio_update",
            payload=deputize_sample("statusio_update", Component="Checkout", **changes),
            as_user="rob",
        )

    return bring


class TestCreate:
    """The first event about a component opens an incident; others change it only where they are worse."""

    def test_without_an_incident_one_is_opened(self, create, page, components, incidents, bodies):
        incidents(Search=[(100, 300)])
        opened = page.post(CREATE).respond(**result("i2"))

        done = create()

        assert done.state == "COMPLETED"
        assert bodies(opened) == [
            {
                "statuspage_id": PAGE,
                "incident_name": "A problem with Checkout is being investigated",
                "incident_details": "A problem with Checkout is being investigated",
                "infrastructure_affected": ["c1-d1", "c1-d2"],
                "all_infrastructure_affected": "0",
                "current_status": 400,
                "current_state": 100,
                **TELL,
            }
        ]

    def test_the_incidents_are_looked_at_last_before_one_is_opened(
        self, create, page, components, incidents, calls
    ):
        incidents()
        page.post(CREATE).respond(**result("i1"))

        assert calls(create())[-2:] == [f"GET v2/incidents/{PAGE}", "POST v2/incident/create"]

    @pytest.mark.parametrize(
        ("messages", "details"),
        [
            ([(100, 300)], "Increased incident severity"),
            ([(100, 300), (200, 300)], "New issue detected to be investigated"),
            ([(100, 500), (200, 500)], "New issue detected to be investigated"),
        ],
        ids=["worse", "explained already", "explained though it was worse"],
    )
    def test_something_new_is_added(self, create, components, incidents, update, bodies, messages, details):
        incidents(Checkout=messages)

        create()

        assert bodies(update) == [
            {
                "statuspage_id": PAGE,
                "incident_id": "incident of Checkout",
                "current_status": 400,
                "current_state": 100,
                "incident_details": details,
                **TELL,
            }
        ]

    @pytest.mark.parametrize("messages", [[(100, 400)], [(100, 500)], [(100, 500), (100, 300)]])
    def test_what_the_incident_says_already_is_not_added(
        self, create, components, incidents, logged, messages
    ):
        incidents(Checkout=messages)

        assert logged(create()) == ["the incident says it already"]

    def test_status_codes_are_compared_as_numbers(self, create, components, incidents, update, bodies):
        incidents(Checkout=[(100, 500)])

        create(**{"Status code": "1000"})

        assert bodies(update)[0]["current_status"] == 1000

    def test_an_unknown_component_opens_nothing(self, create, components):
        done = create(Component="Chekout")

        assert done.error.message == 'the Status.io page has no component "Chekout"'

    @pytest.mark.parametrize(
        "answer", [{"status_code": 403}, {"status_code": 500}, result(None, error="yes")]
    )
    def test_incidents_that_cannot_be_listed_are_not_taken_for_none(self, create, page, components, answer):
        page.get(INCIDENTS).respond(**answer)

        assert create().state == "FAILED"

    def test_an_incident_that_cannot_be_read_is_not_passed_over(self, create, page, components):
        page.get(INCIDENTS).respond(**result({"active_incidents": ["i1"]}))
        page.get(f"/v2/incident/{PAGE}/i1").respond(403)

        assert create().state == "FAILED"

    def test_an_error_in_a_successful_answer_fails_the_run(self, create, page, components, incidents):
        incidents()
        page.post(CREATE).respond(**result(None, error="yes"))

        done = create()

        assert done.error.message == "Status.io: Said."

    def test_the_keys_go_in_headers_and_are_shown_nowhere(self, create, components, incidents, update):
        incidents(Checkout=[(100, 300)])

        done = create()

        headers = update.calls.last.request.headers
        assert (headers["x-api-id"], headers["x-api-key"]) == (
            "value of statusio_id",
            "value of statusio_key",
        )
        assert "value of statusio" not in str(done.as_json())


class TestUpdate:
    """The last active event about a component brings its incident on."""

    def test_the_incident_is_updated(self, bring_to_an_end, incidents, update, bodies):
        incidents(Search=[(100, 300)], Checkout=[(100, 400)])

        bring_to_an_end()

        assert bodies(update) == [
            {
                "statuspage_id": PAGE,
                "incident_id": "incident of Checkout",
                "current_status": 100,
                "current_state": 400,
                "incident_details": "The database is back.",
                **TELL,
            }
        ]

    @pytest.mark.parametrize("events", [0, 2])
    def test_while_other_events_are_about_the_component_nothing_is_done(
        self, bring_to_an_end, logged, events
    ):
        done = bring_to_an_end(events=events)

        assert done.state == "COMPLETED"
        assert logged(done) == ["other events are about the component"]

    def test_an_incident_that_somebody_has_explained_is_left_to_them(
        self, bring_to_an_end, incidents, logged
    ):
        incidents(Checkout=[(100, 400), (200, 400)])

        assert logged(bring_to_an_end()) == ["somebody has taken the incident over"]

    def test_without_an_incident_nothing_is_done(self, bring_to_an_end, incidents, logged):
        incidents()

        assert logged(bring_to_an_end()) == ["there is no incident"]

    def test_events_of_all_pages_are_counted(self, deputize_run, deputize_sample, deputize_mock, logged):
        first = {"count": 1, "data": [], "links": {"next": f"{EVENTS}?offset=1&limit=1"}}
        second = {"count": 1, "data": [], "links": {}}
        search = (
            deputize_mock.endpoint("platform")
            .get(EVENTS)
            .mock(side_effect=[httpx.Response(200, json=first), httpx.Response(200, json=second)])
        )

        done = deputize_run("statusio_update", payload=deputize_sample("statusio_update"))

        assert logged(done) == ["other events are about the component"]
        assert search.calls[0].request.url.params["propertyName"] == "AffectedComponent#en"

    def test_events_that_may_not_be_counted_are_not_none(
        self, deputize_run, deputize_sample, deputize_mock, refused
    ):
        deputize_mock.endpoint("platform").get(EVENTS).respond(**refused)

        done = deputize_run("statusio_update", payload=deputize_sample("statusio_update"), as_user="rob")

        assert done.state == "FAILED"
        assert len(done.refusals) == 1

    def test_an_update_that_is_not_taken_fails_the_run(self, bring_to_an_end, page, incidents):
        incidents(Checkout=[(100, 400)])
        page.post(UPDATE).respond(**result(False, error="yes"))

        assert bring_to_an_end().state == "FAILED"


def test_on_the_platform_only_who_sees_the_event_brings_the_incident_to_its_end(
    run_with_stand_ins, deputize_sample, logged
):
    payload = deputize_sample("statusio_update")

    by_rob, by_mary = run_with_stand_ins(
        [("statusio_update", payload, "rob"), ("statusio_update", payload, "mmcbride")]
    )

    assert logged(by_rob) == []
    assert logged(by_mary) == ["other events are about the component"]
    assert [each.state for each in (by_rob, by_mary)] == ["COMPLETED", "COMPLETED"]
