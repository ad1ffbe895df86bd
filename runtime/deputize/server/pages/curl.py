"""A call as a command line for curl, which names the credential and does not have it."""

import json
import shlex

from deputize.activity.entries import HttpExchange

_LINE = " \\\n  "


def as_curl(entry: HttpExchange) -> str:
    """Return a command that makes the call of *entry* once more, when its credential is put in."""
    request = entry.request
    words = [f"curl -X {shlex.quote(request.method)} {shlex.quote(request.url)}"]
    named = {name.lower() for name in request.headers or {}}
    words += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in (request.headers or {}).items()]
    if entry.sent_as in ("initiator", "service") and "authorization" not in named:
        words.append(f"-H {shlex.quote(f'Authorization: {credential_of(entry)}')}")
    if request.body is not None:
        body = request.body if isinstance(request.body, str) else json.dumps(request.body, ensure_ascii=False)
        words.append(f"--data-raw {shlex.quote(body)}")
    return _LINE.join(words)


def credential_of(entry: HttpExchange) -> str:
    """Return the name of the credential that the call was sent with."""
    whose = entry.initiator.id if entry.sent_as == "initiator" else "service account"
    return f"‹credential: {whose} → {entry.endpoint}›"
