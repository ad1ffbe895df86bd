"""Signed requests over HTTP: a scheme, a secret, a request, and what is answered to it."""

import hashlib
import hmac

import pytest

pytestmark = pytest.mark.anyio

TRIGGER = "/api/integration/1/functions/by-api-key/triggers"
INTEGRATION = "/api/v1/integrations/by-api-key"
SECRET = "a-secret-that-the-provider-has-made"
BODY = b'{"zen": "Keep it logically awesome."}'


def signed(secret, body=BODY):
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def slack(secret, at, body=BODY):
    signature = hmac.new(secret.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": f"v0={signature}"}


async def choose(bench, **scheme):
    answer = await bench.client("dev").patch(INTEGRATION, json={"method": "signature", "signature": scheme})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_webhook_is_set_up_and_sets_a_script_off(bench):
    shown = await choose(bench, preset="github")
    issued = await bench.client("dev").post(f"{INTEGRATION}/keys")
    secret = issued.json()["secret"]
    accepted = await bench.client().post(TRIGGER, content=BODY, headers=signed(secret))
    again = await bench.client().post(TRIGGER, content=BODY, headers=signed(secret))

    assert (shown["method"], shown["signature"]["preset"]) == ("signature", "github")
    assert (issued.status_code, issued.json()["kind"], issued.json()["url"]) == (201, "signature", None)
    assert accepted.status_code == 202
    (run,) = await bench.runs()
    assert (run.id, run.initiator.id, run.initiator.via) == (accepted.json()["requestId"], "dev", "signature")
    assert (again.status_code, again.json()) == (
        409,
        {
            "type": "/errors/SIGNATURE_REPLAYED",
            "title": "Signed request replayed",
            "status": 409,
            "detail": "This signed request has been accepted before. Nothing was started.",
            "code": "SIGNATURE_REPLAYED",
        },
    )


async def test_a_secret_of_the_provider_is_given_and_never_answered(bench):
    await choose(bench, preset="github")
    dev = bench.client("dev")
    issued = await dev.post(f"{INTEGRATION}/keys", json={"secret": SECRET})
    first = await bench.client().post(TRIGGER, content=BODY, headers=signed(SECRET))
    rotated = await dev.post(
        f"/api/v1/keys/{issued.json()['id']}/rotate", json={"secret": SECRET[::-1], "overlap_seconds": 60}
    )
    second = await bench.client().post(TRIGGER, content=b"2", headers=signed(SECRET[::-1], b"2"))
    listed = await dev.get("/api/v1/keys")

    assert (issued.status_code, issued.json()["secret"]) == (201, None)
    assert (rotated.status_code, rotated.json()["secret"]) == (201, None)
    assert (first.status_code, second.status_code) == (202, 202)
    for answer in (issued, rotated, listed, await dev.get(INTEGRATION)):
        assert SECRET not in answer.text
        assert SECRET[::-1] not in answer.text


async def test_a_wrong_signature_is_answered_as_nothing_at_all(bench):
    await choose(bench, preset="github")
    await bench.client("dev").post(f"{INTEGRATION}/keys", json={"secret": SECRET})
    wrong = await bench.client().post(TRIGGER, content=BODY, headers=signed(SECRET[::-1]))
    nothing = await bench.client().post(TRIGGER, content=BODY)
    nowhere = await bench.client().post(
        TRIGGER.replace("by-api-key", "nowhere"), content=BODY, headers=signed(SECRET)
    )

    assert wrong.status_code == 401
    assert wrong.json()["code"] == "UNAUTHENTICATED"
    assert wrong.json() == nothing.json() == nowhere.json()


async def test_an_old_signature_that_is_right_is_said_to_be_old(bench):
    await choose(bench, preset="slack")
    await bench.client("dev").post(f"{INTEGRATION}/keys", json={"secret": SECRET})
    old = int(bench.clock().timestamp()) - 400
    answer = await bench.client().post(TRIGGER, content=BODY, headers=slack(SECRET, old))
    await choose(bench, preset="slack", tolerance_seconds=600)
    later = await bench.client().post(TRIGGER, content=BODY, headers=slack(SECRET, old))

    assert (answer.status_code, answer.json()["code"]) == (401, "SIGNATURE_EXPIRED")
    assert "WWW-Authenticate" in answer.headers
    assert later.status_code == 202


@pytest.mark.parametrize(
    ("sent", "pointer", "detail"),
    [
        (
            {"method": "signature"},
            "/signature",
            'Missing: say how requests are signed, such as {"preset": "standard-webhooks"}.',
        ),
        (
            {"signature": {"preset": "github"}},
            "/signature",
            'It belongs to the method "signature"; choose that with it.',
        ),
        (
            {"method": "signature", "signature": {"preset": "slak"}},
            "/signature/preset",
            'Is no preset. Did you mean "slack"? Presets: standard-webhooks, github, slack, stripe, hmac.',
        ),
        (
            {"method": "signature", "signature": {"preset": "hmac"}},
            "/signature",
            "`header` is missing: name the header that carries the signature.",
        ),
    ],
)
async def test_what_is_wrong_with_a_scheme_is_named_by_its_place(bench, sent, pointer, detail):
    answer = await bench.client("dev").patch(INTEGRATION, json=sent)

    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"pointer": pointer, "detail": detail}]


async def test_a_secret_that_is_too_short_is_named_by_its_place_and_not_quoted(bench):
    await choose(bench, preset="github")
    answer = await bench.client("dev").post(f"{INTEGRATION}/keys", json={"secret": "too-short"})

    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/secret"]
    assert "too-short" not in answer.text
