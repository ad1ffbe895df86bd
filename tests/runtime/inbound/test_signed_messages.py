"""Who signed a request: the vectors of the providers, and everything that a signature does not stand for."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from senders import SENDERS, TIMED_SCHEMES, standard_webhooks
from standardwebhooks.webhooks import Webhook

from deputize.credentials.master_key import MasterKey
from deputize.credentials.sealing import Sealer
from deputize.credentials.signing_secrets import MOST_LIVE, SignedContent, SigningSecrets, signing_secret
from deputize.domain.keys import SigningSecret
from deputize.domain.signature import SignatureScheme
from deputize.inbound.answers import Accepted
from deputize.inbound.received import ReceivedRequest
from deputize.inbound.signed import SignedMessage, Unsigned, read_signed

pytestmark = pytest.mark.anyio

BODY = b'{"title": "disk full", "host": "d\xc3\xbcsseldorf"}'
REFUSED = ("UNAUTHENTICATED", "The request has no credential, or none that is accepted here.")


@pytest.fixture
async def signed(bench):
    """Return the headers of a request that rob's secret of a scheme signs, at an integration of that scheme."""

    async def signed(name, body=BODY, *, secret=None, **more):
        scheme, sign, own = SENDERS[name]
        if await bench.database.read(lambda store: store.integrations.get("target")) is None:
            await bench.add_integration("target", method="signature", signature=scheme)
            await bench.signing_secret("target", "rob", own)
        return sign(secret or own, body, **{"at": int(bench.clock().timestamp()), **more})

    return signed


def told(answer):
    return answer.code, answer.detail


def changed(headers, name, change):
    """Return *headers* with the value of one changed."""
    assert name.lower() in [each.lower() for each, _ in headers]
    return [(each, change(value) if each.lower() == name.lower() else value) for each, value in headers]


# The vectors that the documentation of each provider has


def matching(scheme, secret, headers, body):
    """Return whether a request is signed with a secret, as the product sees it."""
    signing = SigningSecrets(Sealer(MasterKey(b"k" * 32)))
    kept = signing.seal(signing_secret(secret), secret_id="s")
    message = read_signed(
        ReceivedRequest(integration_id="x", headers=tuple(headers), body=body), SignatureScheme.of(scheme)
    )
    assert isinstance(message, SignedMessage), message
    live = SigningSecret(
        id="s", integration_id="x", subject="rob", sealed=kept, created=message.at, issued_by="rob"
    )
    return signing._signers([live], message.content, body) == [live]


VECTORS = {
    "standard-webhooks": (
        [
            ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
            ("webhook-timestamp", "1614265330"),
            ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        ],
        b'{"test": 2432232314}',
    ),
    "github": (
        [
            (
                "X-Hub-Signature-256",
                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
            )
        ],
        b"Hello, World!",
    ),
    "slack": (
        [
            ("X-Slack-Request-Timestamp", "1531420618"),
            (
                "X-Slack-Signature",
                "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
            ),
        ],
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F"
        b"96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
    ),
}


@pytest.mark.parametrize("name", VECTORS)
def test_the_example_of_the_providers_documentation_is_right(name):
    headers, body = VECTORS[name]
    scheme, _, secret = SENDERS[name]
    # GitHub's example secret has spaces, which nobody is issued here.
    secret = "It's a Secret to Everybody" if name == "github" else secret

    assert matching(scheme, secret, headers, body)
    assert not matching(scheme, secret, headers, body + b" ")


@given(
    secret=st.binary(min_size=16, max_size=64),
    message=st.from_regex(r"msg_[A-Za-z0-9]{1,40}", fullmatch=True),
    body=st.text(alphabet=st.characters(exclude_categories=["Cs"])),
)
def test_what_the_specs_own_library_signs_is_right(secret, message, body):
    at = datetime(2018, 4, 17, tzinfo=UTC)
    header = Webhook(secret).sign(message, at, body)
    headers = [
        ("webhook-id", message),
        ("webhook-timestamp", str(int(at.timestamp()))),
        ("webhook-signature", header),
    ]
    text = "whsec_" + base64.b64encode(secret).decode()

    assert matching({"preset": "standard-webhooks"}, text, headers, body.encode())


@pytest.mark.parametrize("name", SENDERS)
@given(body=st.binary(max_size=300), other=st.binary(max_size=300), at=st.integers(0, 10**11 - 1))
def test_a_body_of_any_bytes_is_signed_and_no_other(name, body, other, at):
    scheme, sign, secret = SENDERS[name]
    headers = sign(secret, body, at=at)

    assert matching(scheme, secret, headers, body)
    assert matching(scheme, secret, headers, other) == (body == other)


# Through the intake


@pytest.mark.parametrize("name", SENDERS)
async def test_a_signed_request_runs_as_the_holder_of_the_secret(bench, signed, name):
    answer = await bench.take("target", headers=await signed(name), body=BODY)

    run = await bench.run(answer.request_id)
    assert (run.initiator.id, run.initiator.subject, run.initiator.via) == ("rob", "id of rob", "signature")
    (secret,) = await bench.database.read(lambda store: store.signatures.secrets(integration_id="target"))
    assert secret.last_used == bench.clock()


@pytest.mark.parametrize("name", SENDERS)
async def test_what_was_tampered_with_is_nobodys(bench, signed, name):
    headers = await signed(name)
    other = await signed(
        name, secret="whsec_" + base64.b64encode(b"another key of 32 bytes, at least").decode()
    )
    for tampered, body in (
        (headers, BODY + b"\n"),
        (headers, b""),
        (other, BODY),
        ([], BODY),
        ([*headers, *headers], BODY),
        *(([each for each in headers if each is not missing], BODY) for missing in headers),
        *(
            (changed(headers, name, lambda value: value + "0"), BODY)
            for name, _ in headers
            if "signature" in name.lower()
        ),
    ):
        assert told(await bench.take("target", headers=tampered, body=body)) == REFUSED, tampered

    assert bench.submitted == []


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("standard-webhooks", "webhook-timestamp"),
        ("standard-webhooks", "webhook-id"),
        ("slack", "X-Slack-Request-Timestamp"),
        ("hmac with a time", "X-Grafana-Alerting-Timestamp"),
    ],
)
async def test_the_time_and_the_id_are_part_of_what_is_signed(bench, signed, name, header):
    headers = await signed(name)

    for change in (lambda value: value[:-1] + "0", lambda value: "0" + value, lambda value: value + " x"):
        answer = await bench.take("target", headers=changed(headers, header, change), body=BODY)
        assert told(answer) == REFUSED


@pytest.mark.parametrize("name", TIMED_SCHEMES)
@pytest.mark.parametrize("off", [-301, 301])
async def test_a_right_signature_of_another_time_is_said_to_be_one(bench, signed, name, off):
    at = int(bench.clock().timestamp()) + off
    answer = await bench.take("target", headers=await signed(name, at=at), body=BODY)
    forged = await bench.take(
        "target", headers=await signed(name, at=at, secret="d3JvbmcgYnV0IGxvbmcgZW5vdWdo"), body=BODY
    )

    assert told(answer) == (
        "SIGNATURE_EXPIRED",
        "The signature is right, and its time is too far from the server's. Sign the request anew.",
    )
    assert answer.headers == forged.headers
    assert told(forged) == REFUSED
    assert bench.submitted == []


@pytest.mark.parametrize("name", TIMED_SCHEMES)
async def test_the_tolerance_is_the_integrations_own(bench, signed, name):
    now = int(bench.clock().timestamp())
    headers = await signed(name)
    scheme = SENDERS[name][0]
    await bench.change_integration("target", signature={**scheme, "tolerance_seconds": 3600})
    bench.clock.forward(seconds=3599)

    assert isinstance(await bench.take("target", headers=headers, body=BODY), Accepted)
    await bench.change_integration("target", signature={**scheme, "tolerance_seconds": 1})
    answer = await bench.take("target", headers=await signed(name, at=now + 3600 + 2), body=BODY)
    assert answer.code == "SIGNATURE_EXPIRED"


async def test_two_secrets_work_while_one_follows_the_other_and_a_revoked_one_does_not(bench, signed):
    await signed("github")
    now = bench.clock()
    old, new, revoked = (f"the {each} secret of rob".replace(" ", "-") for each in ("old", "new", "revoked"))
    await bench.signing_secret("target", "rob", old, ends=now + timedelta(seconds=60))
    await bench.signing_secret("target", "rob", new)
    await bench.signing_secret("target", "rob", revoked, ends=now)

    async def accepted(secret, body):
        answer = await bench.take("target", headers=await signed("github", body, secret=secret), body=body)
        return isinstance(answer, Accepted)

    assert [await accepted(each, b"1") for each in (old, new, revoked)] == [True, False, False]
    assert [await accepted(each, b"2") for each in (new, old, revoked)] == [True, False, False]
    bench.clock.forward(seconds=60)
    assert [await accepted(each, b"3") for each in (old, new)] == [False, True]


async def test_each_holder_is_told_by_their_secret_and_one_of_two_people_is_nobodys(bench, signed):
    await signed("github")
    await bench.signing_secret("target", "dana", "the-secret-of-dana")
    hers = await bench.take("target", headers=await signed("github", secret="the-secret-of-dana"), body=BODY)
    await bench.signing_secret("target", "rob", "the-secret-of-dana")
    either = await bench.take(
        "target", headers=await signed("github", b"else", secret="the-secret-of-dana"), body=b"else"
    )

    assert (await bench.run(hers.request_id)).initiator.id == "dana"
    assert told(either) == REFUSED


async def test_a_secret_opens_its_own_integration_and_no_other(bench, signed):
    headers = await signed("github")
    await bench.add_integration("other", method="signature", signature={"preset": "github"})

    for where in ("other", "by signature", "by basic", "by url", "missing", "outbound"):
        assert told(await bench.take(where, headers=headers, body=BODY)) == REFUSED
    await bench.change_integration("target", method="api-key", signature=None)
    assert told(await bench.take("target", headers=headers, body=BODY)) == REFUSED


async def test_the_secret_of_whoever_is_not_active_any_more_signs_nothing(bench, signed):
    headers = await signed("github")
    await bench.change_person("rob", status="INACTIVE")
    assert told(await bench.take("target", headers=headers, body=BODY)) == REFUSED
    await bench.change_person("rob", status="ACTIVE")
    await bench.database.write(lambda store: store.people.delete("id of rob"))
    assert told(await bench.take("target", headers=headers, body=BODY)) == REFUSED


async def test_a_signature_beside_another_credential_is_not_looked_at(bench, signed, header):
    headers = await signed("github")
    right = header("rob", "password of rob")

    assert told(await bench.take("target", right, headers=headers, body=BODY)) == REFUSED
    assert told(await bench.take("target", ("Authorization", "Bearer x"), headers=headers)) == REFUSED
    assert told(await bench.take("target", "apiKey=x", headers=headers, body=BODY)) == REFUSED
    assert isinstance(await bench.take("by basic", right, headers=headers, body=BODY), Accepted)


async def test_the_secret_itself_is_no_credential(bench, signed, header):
    await signed("github")
    secret = SENDERS["github"][2]

    for credential in (header("rob", secret), ("Authorization", f"Bearer {secret}"), f"apiKey={secret}"):
        assert told(await bench.take("target", credential, body=BODY)) == REFUSED


async def test_a_secret_that_is_none_by_the_present_preset_signs_nothing(bench, signed):
    await bench.add_integration("target", method="signature", signature={"preset": "standard-webhooks"})
    for secret in ("whsec_" + "=" * 10, "whsec_!!!!!!!!!!!!!!!!", "AAAA"):
        await bench.signing_secret("target", "rob", secret)
    at = int(bench.clock().timestamp())

    for key in (b"", bytes(16), bytes(3)):
        secret = base64.b64encode(key).decode()
        headers = standard_webhooks(secret, BODY, at=at)
        assert told(await bench.take("target", headers=headers, body=BODY)) == REFUSED


async def test_a_mebibyte_is_signed(bench, signed):
    body = b"x" * 2**20

    assert isinstance(await bench.take("target", headers=await signed("github", body), body=body), Accepted)


async def test_the_script_is_given_the_request_without_its_signatures(bench, signed):
    headers = [*await signed("stripe"), ("X-GitHub-Event", "ping")]
    value = dict(headers)["Stripe-Signature"]
    body = b'{"quoted": "%b"}' % value.encode()
    headers = [
        *await signed("stripe", body),
        ("X-Forwarded-Signature", dict(await signed("stripe", body))["Stripe-Signature"]),
    ]
    answer = await bench.take("target", headers=headers, body=body)

    run = await bench.run(answer.request_id)
    given = run.start["headers"]
    assert given == {
        "stripe-signature": "‹secret:signature›",
        "x-forwarded-signature": "‹secret:signature›",
    }
    assert dict(headers)["Stripe-Signature"] not in repr(run)


async def test_a_form_is_signed_as_it_came_and_read_as_a_form(bench, signed):
    body = b"payload=%7B%22action%22%3A+%22opened%22%7D"
    headers = [*await signed("github", body), ("Content-Type", "application/x-www-form-urlencoded")]
    answer = await bench.take("target", headers=headers, body=body)

    run = await bench.run(answer.request_id)
    assert run.start["provided"]["parameters"] == {"payload": '{"action": "opened"}'}


# What a header may look like


@pytest.mark.parametrize(
    ("name", "header", "value"),
    [
        ("standard-webhooks", "webhook-id", "msg.1"),
        ("standard-webhooks", "webhook-id", "x" * 256),
        ("standard-webhooks", "webhook-id", ""),
        ("standard-webhooks", "webhook-signature", "v1a,AAAA"),
        ("standard-webhooks", "webhook-signature", "v1"),
        ("standard-webhooks", "webhook-signature", " ".join(["v1," + "A" * 43 + "="] * 9)),
        ("standard-webhooks", "webhook-signature", "v1," + "A" * 43),
        ("standard-webhooks", "webhook-timestamp", "1614265330.5"),
        ("standard-webhooks", "webhook-timestamp", "9" * 12),
        ("standard-webhooks", "webhook-timestamp", "-1"),
        ("github", "x-hub-signature-256", "a" * 64),
        ("github", "x-hub-signature-256", "sha1=" + "a" * 40),
        ("github", "x-hub-signature-256", "sha256=" + "a" * 62 + " a"),
        ("github", "x-hub-signature-256", "sha256=" + "ａ" * 64),
        ("slack", "x-slack-signature", "v1=" + "a" * 64),
        ("stripe", "stripe-signature", "t=1,t=2,v1=" + "a" * 64),
        ("stripe", "stripe-signature", "v1=" + "a" * 64),
        ("stripe", "stripe-signature", "t=1,v0=" + "a" * 64),
        ("stripe", "stripe-signature", "t=1," + ",".join(["v1=" + "a" * 64] * 9)),
        ("hmac", "x-signature", "a" * 128),
        ("hmac", "x-signature", "x" * 2001),
    ],
)
def test_a_header_that_is_not_written_as_the_scheme_has_it_is_no_signature(name, header, value):
    scheme, sign, secret = SENDERS[name]
    headers = changed(sign(secret, BODY, at=1), header, lambda _: value)
    request = ReceivedRequest(integration_id="x", headers=tuple(headers), body=BODY)

    assert isinstance(read_signed(request, SignatureScheme.of(scheme)), Unsigned)


@given(value=st.text(max_size=100))
@pytest.mark.parametrize("name", SENDERS)
def test_no_text_of_a_header_is_more_than_refused(name, value):
    scheme, sign, secret = SENDERS[name]
    for header, _ in sign(secret, BODY, at=1):
        request = ReceivedRequest(
            integration_id="x", headers=tuple(changed(sign(secret, BODY, at=1), header, lambda _: value))
        )
        read_signed(request, SignatureScheme.of(scheme))


def test_what_is_presented_shows_no_signature():
    for scheme, sign, secret in SENDERS.values():
        request = ReceivedRequest(integration_id="x", headers=tuple(sign(secret, BODY, at=1)), body=BODY)
        message = read_signed(request, SignatureScheme.of(scheme))

        assert secret not in repr(message)
        assert not any(each.hex() in repr(message) for each in message.content.candidates)
        assert all(value.reveal() not in repr(message) for value in message.values)
    assert "candidates" not in repr(
        SignedContent(preset="github", algorithm="sha256", head=b"", candidates=(b"x",))
    )


async def test_as_many_secrets_are_tried_as_there_may_be(bench, signed):
    await signed("github")
    for number in range(MOST_LIVE - 1):
        await bench.signing_secret("target", "rob", f"the secret number {number}".replace(" ", "-"))

    for number in range(MOST_LIVE - 1):
        body = str(number).encode()
        secret = f"the secret number {number}".replace(" ", "-")
        headers = await signed("github", body, secret=secret)
        assert isinstance(await bench.take("target", headers=headers, body=body), Accepted)
