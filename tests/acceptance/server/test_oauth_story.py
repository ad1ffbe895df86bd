"""An application acts for rob with access tokens: as far as they go, and no further, to their end."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

OAUTH = """
[oauth]
password_grant = true
[plans.incidents.integrations.by_token]
auth = "oauth"
action = "CREATE_EVENT"
form = "alert"
script = "by_token.py"
[plans.incidents.integrations.told]
on = "STATUS"
form = "alert"
script = "told.py"
"""
SCRIPT = """
def main(http, initiator, form):
    read = http.get("/api/xm/1/people/rob")
    posted = form.post(properties={"a": "b"}, recipients=["mary"])
    return [initiator.id, initiator.via, read.status_code, posted.status_code, posted.reason]
"""
TOLD = """
def main(http):
    return [http.get("/api/xm/1/people/rob").status_code, http.post("/api/xm/1/events", json={}).status_code]
"""


@pytest.fixture
def project(project: Path) -> Path:
    with (project / "deputize.toml").open("a") as file:
        file.write(OAUTH)
    (project / "by_token.py").write_text(SCRIPT)
    (project / "told.py").write_text(TOLD)
    return project


class Application:
    """A registered client that has asked for what *scope* says."""

    def __init__(self, served: Any, *scope: str, user: str = "rob", mobile: bool = False) -> None:
        self.served = served
        arguments = [each for name in ("trigger", "read", "write") for each in ("--scope", name)]
        made = served.command(
            *("client", "create", "Wallboard", "--grant", "password", "--grant", "refresh_token", "--json"),
            *(["--mobile"] if mobile else []),
            *arguments,
        )
        self.id = json.loads(made.stdout)["id"]
        self.tokens = self.ask(
            grant_type="password", username=user, password=f"password of {user}", scope=" ".join(scope)
        ).json()

    def ask(self, **form: str) -> httpx.Response:
        with self.served.client() as client:
            return client.post("/oauth2/token", data={"client_id": self.id, **form})

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        with self.served.client() as client:
            headers = {"Authorization": f"Bearer {self.tokens['access_token']}"}
            return client.request(method, path, headers=headers, **more)


def test_a_token_sets_off_a_run_as_its_person_which_may_do_what_they_may(served):
    app = Application(served, "trigger", "read", "write")

    accepted = app.call("POST", served.path("by_token"), json={})

    assert accepted.status_code == 202, accepted.text
    run = served.run(accepted.json()["requestId"])
    assert run["result"] == ["rob", "oauth", 200, 202, None]
    assert served.run_of("told")["result"][0] == 200


def test_what_the_run_and_all_that_it_sets_off_may_do_never_exceeds_the_token(served):
    app = Application(served, "trigger", "read")

    accepted = app.call("POST", served.path("by_token"), json={})

    run = served.run(accepted.json()["requestId"])
    assert run["result"][2:4] == [200, 403]
    [denied] = [each for each in run["activity"] if each["kind"] == "permission.denied"]
    assert denied["explain"]["needs"] == ["scope write of the access token that started the run"]


def test_a_token_without_the_scope_to_trigger_is_told_so(served):
    answer = Application(served, "read").call("POST", served.path("by_token"), json={})

    assert (answer.status_code, answer.json()["code"]) == (403, "INSUFFICIENT_SCOPE")
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
    assert 'scope="trigger"' in answer.headers["www-authenticate"]


def test_the_rest_api_takes_it_within_its_scope_and_administration_does_not(served):
    app = Application(served, "read")

    assert app.call("GET", "/api/xm/1/people/rob").json()["targetName"] == "rob"
    assert app.call("POST", "/api/xm/1/people", json={"targetName": "new"}).status_code == 403
    assert app.call("GET", "/api/v1/runs").status_code == 401
    assert app.call("POST", served.path("simple"), json={}).status_code == 403


def test_the_keys_are_published_and_the_token_is_signed_by_one_of_them(served):
    app = Application(served, "read")
    with served.client() as client:
        keys = client.get("/oauth2/jwks.json").json()["keys"]
    [key] = keys

    from joserfc import jwt
    from joserfc.jwk import RSAKey

    token = jwt.decode(app.tokens["access_token"], RSAKey.import_key(key), algorithms=["RS256"])
    assert (token.header["typ"], token.claims["sub"], token.claims["aud"]) == (
        "at+jwt",
        "rob",
        served.told["url"],
    )
    assert token.claims["exp"] - token.claims["iat"] == 900


@pytest.mark.parametrize("end", ["password", "tokens", "user", "client"])
def test_everything_ends_at_once_with_password_account_client_or_on_request(served, end):
    app = Application(served, "trigger", "read")
    assert app.call("GET", "/api/xm/1/people/rob").status_code == 200

    if end == "password":
        served.command("user", "password", "rob", input_="another password of rob")
    elif end == "tokens":
        served.command("user", "revoke-tokens", "rob")
    elif end == "user":
        served.command("user", "disable", "rob")
        served.command("user", "enable", "rob")
    else:
        served.command("client", "disable", app.id)

    assert app.call("GET", "/api/xm/1/people/rob").status_code == 401
    assert app.call("POST", served.path("by_token"), json={}).status_code == 401
    refreshed = app.ask(grant_type="refresh_token", refresh_token=app.tokens["refresh_token"])
    assert refreshed.status_code in (400, 401)
    assert refreshed.json()["error"] in ("invalid_grant", "invalid_client")


def test_what_the_mobile_app_starts_is_started_by_mobile(served):
    app = Application(served, "write", user="dana", mobile=True)
    with served.as_("dana") as client:
        [form] = [each for each in client.get("/api/v1/forms").json()["data"] if each["name"] == "alert"]

    started = app.call(
        "POST", f"/api/xm/1/plans/{form['plan_id']}/forms/{form['id']}/triggers", json={"properties": {}}
    )

    assert started.status_code == 202, started.text
    told = served.run_of("told")
    assert told["initiator"] == {"id": "dana", "via": "mobile"}
