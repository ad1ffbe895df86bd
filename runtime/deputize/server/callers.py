"""Who calls ``/api/v1``: a person with a password and the right to log in, and nobody else."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends
from fastapi.routing import APIRoute
from pydantic_core import from_json
from starlette.requests import Request
from starlette.responses import Response

from deputize.domain.functions import LOGIN
from deputize.inbound import basic
from deputize.inbound.answers import CallerRefused, ambiguous, unauthenticated
from deputize.inbound.presented import Ambiguous, PresentedPassword, presented_by, query_parameters
from deputize.inbound.received import ReceivedRequest
from deputize.server.parts import ServerParts
from deputize.server.problems import Misplaced, Problem, refused_caller
from deputize.use_cases.actor import Actor
from deputize.use_cases.note_login import LoginTrail

_JSON = "application/json"
_NUL = "\0"
#: Values and keys of a body.
_MOST_VALUES = 5000


def parts_of(request: Request) -> ServerParts:
    """Return the parts of the server that answers *request*."""
    parts: ServerParts = request.app.state.parts
    return parts


def actor_of(request: Request) -> Actor:
    """Return who makes *request*."""
    actor: Actor = request.state.actor
    return actor


def logins_of(request: Request) -> LoginTrail:
    """Return where log-ins are noted."""
    logins: LoginTrail = request.app.state.logins
    return logins


def source_of(request: Request) -> str | None:
    """Return the address that *request* comes from, behind a configured proxy as that names it."""
    return None if request.client is None else request.client.host


Parts = Annotated[ServerParts, Depends(parts_of)]
Caller = Annotated[Actor, Depends(actor_of)]


class CallerRoute(APIRoute):
    """An operation that knows its caller before it reads anything else of a request."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request to the operation."""
        answer = super().get_route_handler()

        async def answer_caller(request: Request) -> Response:
            request.state.actor = await _authenticate(request)
            _refuse_unfit_query(request)
            if self.body_field is not None:
                _refuse_other_types(request)
            return await answer(_StrictJson(request.scope, request.receive))

        return answer_caller


async def _authenticate(request: Request) -> Actor:
    """Return who makes *request*. Work and answer depend on the shape of what is presented alone."""
    parts, logins, source = parts_of(request), logins_of(request), source_of(request)
    query = query_parameters(request.scope["query_string"].decode("latin-1"))
    if query is None:
        raise Problem("REQUEST_UNREADABLE", "The query is not percent-encoded UTF-8, or is too long.")
    received = ReceivedRequest(integration_id="", headers=tuple(request.headers.items()))
    presented = presented_by(received, query)
    if isinstance(presented, Ambiguous):
        raise refused_caller(ambiguous(presented.why))
    if not isinstance(presented, PresentedPassword):
        raise refused_caller(unauthenticated("no password"))
    identified = await basic.identify(presented, gate=parts.gate, source=source)
    if isinstance(identified, CallerRefused):
        if identified.code == "UNAUTHENTICATED":
            await logins.note("login.failed", presented.name, source=source)
        raise refused_caller(identified)
    account = identified.account
    standing = await parts.database.read(lambda tx: tx.people.standing(account.subject))
    if standing is None or not standing.active:
        raise refused_caller(unauthenticated("an account that is not active any more"))
    if not standing.has(LOGIN):
        await logins.note("login.refused", account.name, source=source)
        raise Problem("LOGIN_NOT_PERMITTED", "The account may not log in.")
    await logins.note("login.succeeded", account.name, source=source)
    return Actor(
        subject=account.subject,
        name=account.name,
        source=source or "unknown",
        password_changed=identified.password_changed,
    )


def _refuse_unfit_query(request: Request) -> None:
    for name, value in request.query_params.multi_items():
        if _NUL in name or _NUL in value:
            fault = Misplaced(place="parameter", name=name.replace(_NUL, ""), detail="It holds a NUL.")
            raise Problem("INVALID", "One value of the request cannot be used; see errors.", faults=[fault])


def _refuse_other_types(request: Request) -> None:
    if request.headers.get("content-length", "0") == "0" and "transfer-encoding" not in request.headers:
        return
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _JSON:
        raise Problem("MEDIA_TYPE_REFUSED", f"Send the body with Content-Type: {_JSON}.")


class _StrictJson(Request):
    """A request whose body is read by one parser, which takes what RFC 8259 has and nothing else."""

    async def json(self) -> Any:
        """Return the value of the body."""
        try:
            value = from_json(await self.body(), allow_inf_nan=False)
        except ValueError:
            raise Problem("NOT_JSON", "The body is not one JSON value in UTF-8.") from None
        _refuse_unfit_value(value)
        return value


def _refuse_unfit_value(value: Any) -> None:
    """Refuse what no database holds, and more than any operation takes: each value may be at fault."""
    left, count = [value], 0
    while left:
        each = left.pop()
        count += 1
        if isinstance(each, dict):
            left += each
            left += each.values()
        elif isinstance(each, list):
            left += each
        elif isinstance(each, str) and _NUL in each:
            raise Problem("NOT_JSON", "A text of the body holds a NUL.")
        if count + len(left) > _MOST_VALUES:
            raise Problem("INVALID", f"The body has more than {_MOST_VALUES} values. Send less.")
