"""Form triggers of the REST API, of both generations: they start events.

``?way=mobile`` and ``?way=ui`` say that a person starts a form by the app or by the page, which a form
allows or not; without it a form is started by ``api``. A script always starts by ``api``, and so does an
application with an access token, unless it is the mobile app.

The same request again, under the same ``Idempotency-Key``, starts nothing and is answered as before.
"""

import hashlib
from http import HTTPStatus
from typing import cast

from pydantic import JsonValue

from deputize.domain.idempotency import IDEMPOTENCY_KEY, KeyUnreadable, key_among
from deputize.domain.plan import Form, Plan, StartWay
from deputize.errors import RequestReused
from deputize.platform.embedded.rest.call import Answer, Call
from deputize.platform.embedded.rest.forms import find_form
from deputize.platform.embedded.rest.plans import find_plan
from deputize.platform.embedded.rest.problems import Problem, invalid
from deputize.platform.embedded.rest.starting import FormStart, Started
from deputize.platform.embedded.rest.starting_once import start_once
from deputize.platform.embedded.rest.trigger_body import TriggerBody, trigger_of
from deputize.platform.interface import OneRequest

_WAYS = ("api", "mobile", "ui")


async def trigger_form(call: Call) -> Answer:
    """Start the form of that id (202); the answer has the id of the request, not of the event."""
    return _accepted(await _start(call, *await find_form(call, call.key)))


async def trigger_form_of_plan(call: Call) -> Answer:
    """Start a form of a plan, both known by id or name (202)."""
    plan = await find_plan(call, call.key)
    return _accepted(await _start(call, *await find_form(call, call.part("form"), plan=plan)))


async def trigger_form_of_legacy(call: Call) -> Answer:
    """Start the form of that id (200); the answer has the number of the event."""
    started = await _start(call, *await find_form(call, call.key))
    return Answer(body={"id": started.event.number})


async def _start(call: Call, form: Form, plan: Plan) -> Started:
    start = FormStart(
        store=call.store,
        rules=call.rules,
        caller=call.caller,
        plan=plan,
        form=form,
        way=_way(call),
    )
    # Who may not send the form is not told what is wrong with the body.
    call.require(await start.decide())
    trigger = trigger_of(call.body(TriggerBody))
    try:
        started = await start_once(start, trigger, _one_request(call, start.way), by="trigger")
    except RequestReused as error:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from None
    call.runs.extend(started.runs)
    call.left_out.extend(started.left_out)
    return started


def _accepted(started: Started) -> Answer:
    body: dict[str, JsonValue] = {"requestId": started.request_id}
    if started.left_out:
        body["notSentTo"] = list(started.left_out)
    return Answer(body=body, status=HTTPStatus.ACCEPTED)


def _one_request(call: Call, way: StartWay) -> OneRequest | None:
    """Return by what the caller knows the request, if it is by anything."""
    try:
        key = key_among(call.request.headers.getlist(IDEMPOTENCY_KEY))
    except KeyUnreadable as error:
        raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from None
    if key is None:
        return None
    told = hashlib.sha256(f"{way}\n".encode() + call.content)
    return OneRequest(key=key, content_hash=told.hexdigest())


def _way(call: Call) -> StartWay:
    way = call.chosen("way", _WAYS)
    fixed = call.caller.way
    if fixed is None:
        return cast("StartWay", way)
    if "way" in call.query and way != fixed:
        raise invalid("way", way, f"{fixed} for {'a script' if call.caller.script else 'this application'}")
    return fixed
