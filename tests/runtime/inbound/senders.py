"""Senders that sign their requests as each provider's documentation has it, with nothing of the product."""

import base64
import hashlib
import hmac


def mac(key, text, algorithm="sha256"):
    """Return the HMAC of a text or bytes."""
    return hmac.new(_bytes(key), _bytes(text), getattr(hashlib, algorithm))


def github(secret, body, **_):
    return [("X-Hub-Signature-256", "sha256=" + mac(secret, body).hexdigest())]


def slack(secret, body, *, at, **_):
    signed = f"v0:{at}:".encode() + body
    return [
        ("X-Slack-Request-Timestamp", str(at)),
        ("X-Slack-Signature", "v0=" + mac(secret, signed).hexdigest()),
    ]


def stripe(secret, body, *, at, **_):
    signed = f"{at}.".encode() + body
    return [("Stripe-Signature", f"t={at},v0={'6' * 64},v1={mac(secret, signed).hexdigest()}")]


def standard_webhooks(secret, body, *, at, message="msg_p5jXN8AQM9LWM0D4loKWxJek", **_):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message}.{at}.".encode() + body
    signature = base64.b64encode(mac(key, signed).digest()).decode()
    return [
        ("webhook-id", message),
        ("webhook-timestamp", str(at)),
        ("webhook-signature", f"v1,{signature}"),
    ]


def plain(secret, body, **_):
    """Sign as ``PLAIN`` says."""
    return [("X-Signature", base64.b64encode(mac(secret, body, "sha512").digest()).decode())]


def timed(secret, body, *, at, **_):
    """Sign as ``TIMED`` says, which is how Grafana does it."""
    signed = f"{at}:".encode() + body
    return [
        ("X-Grafana-Alerting-Signature", mac(secret, signed).hexdigest()),
        ("X-Grafana-Alerting-Timestamp", str(at)),
    ]


PLAIN = {"preset": "hmac", "header": "X-Signature", "algorithm": "sha512", "encoding": "base64"}
TIMED = {
    "preset": "hmac",
    "header": "X-Grafana-Alerting-Signature",
    "timestamp_header": "X-Grafana-Alerting-Timestamp",
    "content": "{timestamp}:{body}",
}
#: By a name of the scheme: the scheme, who signs by it, and a secret of its form.
SENDERS = {
    "standard-webhooks": (
        {"preset": "standard-webhooks"},
        standard_webhooks,
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    ),
    "github": ({"preset": "github"}, github, "It's-a-Secret-to-Everybody"),
    "slack": ({"preset": "slack"}, slack, "8f742231b10e8888abcd99yyyzzz85a5"),
    "stripe": ({"preset": "stripe"}, stripe, "whsec_5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH"),
    "hmac": (PLAIN, plain, "a secret of sixteen".replace(" ", "-")),
    "hmac with a time": (TIMED, timed, "another-secret-of-sixteen"),
}
#: The schemes by which when it was signed is part of what is signed.
TIMED_SCHEMES = [name for name in SENDERS if name not in ("github", "hmac")]


def _bytes(value):
    return value.encode() if isinstance(value, str) else value
