"""Plans, forms and what plans hold, for those who develop them; and the logs of integrations."""

from base64 import b64decode, b64encode
from dataclasses import replace

import pytest

from deputize.domain.endpoint import EVERY_PLAN, StoredEndpoint
from deputize.domain.integration import SharedLibrary
from deputize.domain.plan import EVERYBODY, Access
from deputize.domain.run import RunState
from deputize.domain.start import inbound_start

pytestmark = pytest.mark.anyio

PLAN_PARTS = ("", "/constants", "/endpoints", "/integrations", "/shared-libraries", "/integrations/i-STATUS")
SOURCE = "def main(request):\n    return 7\n"


def encoded(source):
    return b64encode(source.encode()).decode()


@pytest.mark.parametrize(
    ("user", "status"), [("dev", 200), ("sam", 403), ("ed", 403), ("otto", 403), ("pia", 403)]
)
async def test_a_plan_is_read_by_developers_who_have_access_to_it(incidents, user, status):
    client = await incidents.as_(user)

    statuses = {(await client.get(f"/plans/p-incidents{part}")).status_code for part in PLAN_PARTS}

    assert statuses == {status}
    listed = (await client.get("/plans?planType=PLAN")).json()
    assert [each["name"] for each in listed["data"]] == (["incidents"] if status == 200 else [])


async def test_a_developer_without_access_reads_nothing_and_is_told_who_would(incidents, make):
    sam = make.person("sam")
    await incidents.do(lambda tx: tx.plans.put(replace(make.plan, access=Access(people=frozenset({sam.id})))))

    answer = await (await incidents.as_("dev")).get("/plans/incidents")

    assert answer.status_code == 403
    explanation = incidents.platform._denials.explain(answer.headers["x-trace"])
    assert explanation.needs == ('access to plan "incidents"',)
    assert explanation.would_pass == ("person sam",)


async def test_a_plan_that_is_not_there_is_a_404(incidents):
    dev = await incidents.as_("dev")

    assert {(await dev.get(f"/plans/none{part}")).status_code for part in PLAN_PARTS} == {404}


async def test_a_plan_is_shown_by_id_and_by_name(incidents):
    dev = await incidents.as_("dev")

    plan = (await dev.get("/plans/incidents")).json()

    assert (
        plan
        == (await dev.get("/plans/p-incidents")).json()
        == {
            "id": "p-incidents",
            "name": "incidents",
            "planType": "PLAN",
            "enabled": True,
            "accessibleByAll": False,
            "links": {"self": "/api/xm/1/plans/p-incidents"},
        }
    )


async def test_constants_are_listed_by_name(incidents):
    page = (await (await incidents.as_("dev")).get("/plans/incidents/constants")).json()

    assert [(each["name"], each["value"], each["plan"]["name"]) for each in page["data"]] == [
        ("Prefix", "x_xma", "incidents")
    ]


async def test_endpoints_say_whom_they_sign_in_as_and_never_with_what(incidents, make):
    definitions = {
        "Plain": {"base_url": "https://a.example/", "auth": {"type": "none"}},
        "Basic": {
            "base_url": "https://b.example/",
            "auth": {"type": "basic", "user": "svc", "password": {"secret": "easyvista"}},
        },
        "Token": {"base_url": "https://c.example/", "auth": {"type": "bearer", "token": {"secret": "t"}}},
    }
    oauth = {
        "base_url": "https://d.example/",
        "auth": {
            "type": "oauth2",
            "token_url": "https://d.example/token",
            "client_id": "deputize",
            "client_secret": {"secret": "d"},
        },
    }
    await incidents.do(
        *[
            lambda tx, name=name, each=each: tx.endpoints.put(
                StoredEndpoint(scope=make.plan.id, name=name, definition=each)
            )
            for name, each in definitions.items()
        ],
        lambda tx: tx.endpoints.put(StoredEndpoint(scope=EVERY_PLAN, name="OAuth", definition=oauth)),
    )

    answer = await (await incidents.as_("dev")).get("/plans/incidents/endpoints")

    shown = {
        each["name"]: (each["url"], each["authenticationType"], each.get("authentication"))
        for each in answer.json()["data"]
    }
    assert shown == {
        "Basic": ("https://b.example/", "BASIC", {"username": "svc"}),
        "OAuth": (
            "https://d.example/",
            "OAUTH2",
            {"oauthTokenUrl": "https://d.example/token", "oauthClientId": "deputize"},
        ),
        "Plain": ("https://a.example/", "NO_AUTH", None),
        "Token": ("https://c.example/", "BEARER", None),
    }
    assert "secret" not in answer.text


class TestForms:
    @pytest.mark.parametrize(("user", "status"), [("sam", 200), ("dev", 200), ("ed", 403), ("otto", 403)])
    async def test_a_form_is_seen_by_who_may_send_or_develop_it(self, incidents, user, status):
        client = await incidents.as_(user)

        answers = [await client.get(f"/forms/f-alert{part}") for part in ("", "/response-options")]

        assert [each.status_code for each in answers] == [status] * 2
        assert (await client.get("/forms")).json()["total"] == (1 if status == 200 else 0)

    @pytest.mark.parametrize(
        ("user", "status", "total"), [("sam", 200, 1), ("dev", 200, 1), ("ed", 200, 0), ("otto", 403, None)]
    )
    async def test_the_forms_of_a_plan_are_for_who_has_access_to_it(self, incidents, user, status, total):
        answer = await (await incidents.as_(user)).get("/plans/incidents/forms")

        assert (answer.status_code, answer.json().get("total")) == (status, total)

    async def test_a_form_says_how_it_may_be_started(self, incidents, make):
        await incidents.do(lambda tx: tx.forms.put(replace(make.form, start=frozenset({"ui"}))))

        form = (await (await incidents.as_("sam")).get("/forms/f-alert")).json()

        assert form == {
            "id": "f-alert",
            "name": "alert",
            "mobileEnabled": False,
            "uiEnabled": True,
            "apiEnabled": False,
            "plan": {"id": "p-incidents", "name": "incidents"},
            "links": {"self": "/api/xm/1/forms/f-alert"},
        }

    async def test_response_options_are_numbered(self, incidents):
        page = (await (await incidents.as_("sam")).get("/forms/f-alert/response-options")).json()

        assert page["data"] == [{"number": 1, "text": "Acknowledge"}, {"number": 2, "text": "Escalate"}]

    async def test_a_form_that_is_not_there_is_a_404(self, incidents):
        assert (await (await incidents.as_("sam")).get("/forms/none")).status_code == 404


NEW = {
    "name": "sync",
    "integrationType": "INBOUND_WEBHOOK",
    "operation": "RUN_SCRIPT",
    "authenticationType": "BASIC",
    "createdBy": "IB",
    "environment": "HOSTED",
    "script": encoded(SOURCE),
}


class TestIntegrations:
    async def test_integrations_are_listed_with_their_scripts_in_base64(self, incidents, make):
        await incidents.do(lambda tx: make.put_integration(tx, make.inbound("alerts")))
        dev = await incidents.as_("dev")

        inbound = (await dev.get("/plans/incidents/integrations?integrationType=INBOUND_WEBHOOK")).json()
        outbound = (await dev.get("/plans/incidents/integrations?integrationType=OUTBOUND_WEBHOOK")).json()

        [shown] = inbound["data"]
        assert b64decode(shown.pop("script")).decode() == "def main(callback):\n    return 1\n"
        assert shown == {
            "id": "i-alerts",
            "name": "alerts",
            "plan": {"id": "p-incidents", "name": "incidents"},
            "integrationType": "INBOUND_WEBHOOK",
            "operation": "CREATE_EVENT",
            "createdBy": "IB",
            "originType": "USER",
            "environment": "HOSTED",
            "authenticationType": "BASIC",
            "deployed": True,
            "form": {"id": "f-alert", "name": "alert"},
            "links": {"self": "/api/xm/1/plans/p-incidents/integrations/i-alerts"},
        }
        assert {each["triggeredBy"] for each in outbound["data"]} == set(make.kinds)
        assert {each["authenticationType"] for each in outbound["data"]} == {"NONE"}

    async def test_an_integration_is_made_with_its_script_and_read_by_name(self, incidents):
        dev = await incidents.as_("dev")

        made = await dev.post("/plans/incidents/integrations", json=NEW)

        assert made.status_code == 200
        assert (await dev.get("/plans/incidents/integrations/sync")).json() == made.json()
        integration = await incidents.database.read(lambda tx: tx.integrations.get(made.json()["id"]))
        assert (integration.action, integration.method, integration.enabled) == ("RUN_SCRIPT", "basic", True)
        version = await incidents.database.read(lambda tx: tx.scripts.get(integration.script_version_id))
        assert (version.number, version.source, version.author) == (1, SOURCE, "dev")

    async def test_a_new_script_is_a_new_version_and_the_same_one_is_none(self, incidents):
        dev = await incidents.as_("dev")
        made = (await dev.post("/plans/incidents/integrations", json=NEW)).json()

        for script in (SOURCE, "def main(request):\n    return 8\n"):
            change = {"id": made["id"], "script": encoded(script)}
            assert (await dev.post("/plans/incidents/integrations", json=change)).status_code == 200

        versions = await incidents.database.read(lambda tx: tx.scripts.of_owner(made["id"]))
        assert [each.number for each in versions] == [2, 1]

    async def test_a_script_that_cannot_be_run_is_refused_and_nothing_is_kept(self, incidents):
        answer = await (await incidents.as_("dev")).post(
            "/plans/incidents/integrations", json={**NEW, "script": encoded("def main(:")}
        )

        assert (answer.status_code, answer.json()["subcode"]) == (400, "validation.script.rejected")
        assert answer.json()["message"] == "The script cannot be run. sync:1: invalid syntax"
        assert await incidents.database.read(lambda tx: tx.integrations.named("sync")) == []

    async def test_who_may_not_develop_is_refused_before_anything_is_compiled(self, incidents):
        answer = await (await incidents.as_("sam")).post(
            "/plans/incidents/integrations", json={**NEW, "script": encoded("def main(:")}
        )

        assert answer.status_code == 403

    async def test_one_without_a_method_is_locked_until_one_is_chosen(self, incidents, make):
        legacy = make.inbound("legacy", method=None)
        await incidents.do(lambda tx: make.put_integration(tx, legacy))
        dev = await incidents.as_("dev")

        async def post(**change):
            return await dev.post("/plans/incidents/integrations", json={"id": "legacy", **change})

        locked = await post(script=encoded(SOURCE))
        assert (locked.status_code, locked.json()["message"]) == (
            409,
            "The integration legacy has no method of authentication and is locked until one is chosen: "
            "set authenticationType in the same request.",
        )
        assert (await post(name="renamed")).status_code == 409
        assert (await post(deployed=False)).status_code == 200
        assert (await post(script=encoded(SOURCE), authenticationType="API_KEY")).status_code == 200
        assert (await post(script=encoded("def main(): ..."))).status_code == 200

    async def test_what_was_changed_is_in_the_audit_stream(self, incidents):
        dev = await incidents.as_("dev")
        await dev.post("/plans/incidents/integrations", json=NEW)

        [act] = await incidents.database.read(lambda tx: tx.audit.page(limit=10))

        assert (act.actor, act.action, act.target) == (
            "dev",
            "integration.changed",
            "integration:incidents/sync",
        )
        assert SOURCE not in str(act.detail)

    @pytest.mark.parametrize(
        ("change", "status", "message"),
        [
            ({"name": None}, 400, "Missing required field: name."),
            ({"integrationType": None}, 400, "Missing required field: integrationType."),
            ({"authenticationType": None}, 400, "Missing required field: authenticationType."),
            (
                {"authenticationType": "NONE"},
                400,
                "The authenticationType field contains an invalid value: NONE. "
                "It must be one of URL, BASIC, API_KEY, OAUTH2: choose one.",
            ),
            (
                {"authenticationType": "ANY"},
                400,
                "The authenticationType field contains an invalid value: ANY. "
                "It must be one of URL, BASIC, API_KEY, OAUTH2: choose one.",
            ),
            ({"authenticationType": "SAML"}, 400, None),
            (
                {"authenticationType": "SIGNATURE"},
                400,
                "The authenticationType field contains an invalid value: SIGNATURE. It must be chosen where "
                "`signature` says how requests are signed: in deputize.toml or /api/v1/integrations.",
            ),
            ({"script": None}, 400, "Missing required field: script."),
            ({"script": "%%%"}, 400, None),
            ({"script": b64encode(b"\xff").decode()}, 400, None),
            ({"operation": "CREATE_EVENT"}, 400, "Missing required field: form."),
            ({"operation": "SEND_WEBHOOK"}, 400, None),
            ({"form": "none"}, 404, None),
            ({"name": "status"}, 409, None),
            (
                {"integrationType": "OUTBOUND_WEBHOOK", "form": "alert"},
                400,
                "Missing required field: triggeredBy.",
            ),
            (
                {"integrationType": "OUTBOUND_WEBHOOK", "triggeredBy": "STATUS", "form": "alert"},
                400,
                "The authenticationType field contains an invalid value: BASIC. It must be NONE: events set it off.",
            ),
            (
                {"responseChoice": "Acknowledge"},
                400,
                "The responseChoice field contains an invalid value: Acknowledge. "
                "It must be left out: no response sets it off.",
            ),
        ],
    )
    async def test_an_integration_that_cannot_be_is_told_why(self, incidents, change, status, message):
        body = {name: value for name, value in {**NEW, **change}.items() if value is not None}

        answer = await (await incidents.as_("dev")).post("/plans/incidents/integrations", json=body)

        assert answer.status_code == status
        assert message in (None, answer.json()["message"])

    async def test_one_whose_requests_are_signed_stays_as_it_is_when_what_was_read_is_sent_back(
        self, incidents, make
    ):
        signed = replace(make.inbound("hook"), method="signature", signature={"preset": "github"})
        await incidents.do(lambda tx: make.put_integration(tx, signed))
        dev = await incidents.as_("dev")
        read = (await dev.get("/plans/incidents/integrations/hook")).json()

        body = {key: read[key] for key in ("id", "name", "authenticationType", "deployed", "script")}
        sent = await dev.post("/plans/incidents/integrations", json=body)

        assert (sent.status_code, sent.json()) == (200, read)
        kept = await incidents.database.read(lambda tx: tx.integrations.get(signed.id))
        assert (kept.method, kept.signature) == ("signature", {"preset": "github"})
        await dev.post("/plans/incidents/integrations", json={"id": signed.id, "authenticationType": "BASIC"})
        kept = await incidents.database.read(lambda tx: tx.integrations.get(signed.id))
        assert (kept.method, kept.signature) == ("basic", None)

    async def test_one_that_posts_the_request_to_its_form_needs_no_script(self, incidents):
        body = {**NEW, "operation": "CREATE_EVENT_SIMPLE", "form": {"id": "f-alert"}}
        without = {name: value for name, value in body.items() if name != "script"}
        dev = await incidents.as_("dev")

        assert (await dev.post("/plans/incidents/integrations", json=body)).status_code == 400
        made = await dev.post("/plans/incidents/integrations", json=without)
        assert (made.status_code, made.json()["form"]["name"]) == (200, "alert")
        assert "script" not in made.json()

    async def test_an_outbound_integration_of_the_api_is_set_off_like_any_other(self, incidents, make):
        dev, sam = await incidents.as_("dev"), await incidents.as_("sam")
        body = {
            "name": "told",
            "integrationType": "OUTBOUND_WEBHOOK",
            "triggeredBy": "STATUS",
            "form": "alert",
            "script": encoded("def main(callback):\n    return 1\n"),
        }
        assert (await dev.post("/plans/incidents/integrations", json=body)).status_code == 200

        await sam.post("/forms/f-alert/triggers", json={})

        runs = await incidents.database.read(lambda tx: tx.runs.page(limit=10))
        assert {(each.name, each.initiator.id) for each in runs} == {("status", "sam"), ("told", "sam")}


class TestLibraries:
    async def test_a_library_is_made_changed_and_read(self, incidents):
        dev = await incidents.as_("dev")
        path = "/plans/incidents/shared-libraries"

        made = await dev.post(path, json={"name": "servicenow", "script": encoded("A = 1\n")})
        changed = await dev.post(path, json={"id": made.json()["id"], "script": encoded("A = 2\n")})

        assert (made.status_code, changed.status_code) == (201, 200)
        read = (await dev.get(f"/shared-libraries/{made.json()['id']}")).json()
        assert read == changed.json()
        assert b64decode(read["script"]) == b"A = 2\n"
        assert [each["name"] for each in (await dev.get(path)).json()["data"]] == ["servicenow"]

    @pytest.mark.parametrize(
        ("body", "status", "message"),
        [
            ({}, 400, "Missing required field: name."),
            ({"name": "x"}, 400, "Missing required field: script."),
            ({"name": "not a name", "script": encoded("A = 1")}, 400, None),
            ({"name": "_x", "script": encoded("A = 1")}, 400, None),
            (
                {"name": "x", "script": encoded("A = ")},
                400,
                "The script cannot be run. shared/x:1: invalid syntax",
            ),
            ({"id": "none", "script": encoded("A = 1")}, 404, None),
        ],
    )
    async def test_a_library_that_cannot_be_is_told_why(self, incidents, body, status, message):
        answer = await (await incidents.as_("dev")).post("/plans/incidents/shared-libraries", json=body)

        assert answer.status_code == status
        assert message in (None, answer.json()["message"])

    async def test_a_library_is_for_developers_of_its_plan(self, incidents, make):
        library = SharedLibrary(id="l-1", plan_id=make.plan.id, name="one", script_version_id="v-l-1")
        await incidents.do(
            lambda tx: tx.scripts.add(make.script_of("l-1")), lambda tx: tx.libraries.put(library)
        )

        assert (await (await incidents.as_("sam")).get("/shared-libraries/l-1")).status_code == 403
        assert (await (await incidents.as_("sam")).get("/shared-libraries/l-2")).status_code == 404


class TestLogs:
    async def keep_runs(self, bench, make, count=1):
        integration = make.inbound("alerts")
        start = inbound_start(
            request_id="r",
            integration_id=integration.id,
            headers={"content-type": "application/json", "x-source": "nagios"},
            parameters={"a": "b"},
            body='{"x": 1}',
            payload={"x": 1},
            remote_address="192.0.2.1",
        )
        await bench.do(lambda tx: make.put_integration(tx, integration))
        runs = []
        for _ in range(count):
            bench.clock.forward(seconds=1)
            run = make.inbound_run(
                "sam",
                integration,
                state=RunState.COMPLETED,
                start=start.model_dump(mode="json"),
                queued=bench.clock.now,
                finished=bench.clock.now,
            )
            await bench.do(lambda tx, run=run: tx.runs.add(run))
            runs.append(run)
        return runs

    async def test_a_log_shows_the_request_and_who_made_it(self, incidents, make):
        [run] = await self.keep_runs(incidents, make)

        [entry] = (await (await incidents.as_("dev")).get("/integrations/i-alerts/logs")).json()["data"]

        by = entry.pop("by")
        assert (by["id"], by["targetName"], by["recipientType"]) == (make.person("sam").id, "sam", "PERSON")
        assert entry == {
            "id": run.id,
            "integration": {"id": "i-alerts", "plan": {"id": "p-incidents"}},
            "status": "COMPLETED",
            "completed": "2018-04-17T20:02:48.476Z",
            "requestMethod": "POST",
            "requestHeaders": {"content-type": "application/json", "x-source": "nagios"},
            "requestParameters": {"a": "b"},
            "requestBody": '{"x": 1}',
            "remoteAddress": "192.0.2.1",
            "requestId": run.id,
        }

    async def test_a_callback_is_shown_as_what_the_script_was_given(self, incidents):
        await (await incidents.as_("sam")).post("/forms/f-alert/triggers", json={})

        [entry] = (await (await incidents.as_("dev")).get("/integrations/i-STATUS/logs")).json()["data"]

        assert (entry["requestMethod"], entry["status"], entry["completed"]) == (None, "QUEUED", None)
        assert '"status": "active"' in entry["requestBody"]

    async def test_pages_of_a_log_are_followed_from_the_newest_to_the_oldest(self, incidents, make):
        runs = await self.keep_runs(incidents, make, count=5)
        dev = await incidents.as_("dev")
        path, seen = "/api/xm/1/integrations/i-alerts/logs?limit=2", []
        while path:
            page = (await dev.get(path.removeprefix("/api/xm/1"))).json()
            assert page["total"] == 5
            seen += [each["id"] for each in page["data"]]
            path = page["links"].get("next")

        assert seen == [run.id for run in reversed(runs)]

    async def test_logs_are_for_developers_of_the_plan(self, incidents, make):
        await self.keep_runs(incidents, make)
        await incidents.do(lambda tx: tx.plans.put(replace(make.plan, access=EVERYBODY)))

        statuses = {
            name: (await (await incidents.as_(name)).get("/integrations/i-alerts/logs")).status_code
            for name in ("dev", "sam", "otto", "ed")
        }

        assert statuses == {"dev": 200, "sam": 403, "otto": 403, "ed": 403}
        assert (await (await incidents.as_("dev")).get("/integrations/none/logs")).status_code == 404
