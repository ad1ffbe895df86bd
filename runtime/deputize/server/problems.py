"""What a refusal looks like over HTTP: the only place that knows which status a code has.

Every answer of 400 and above, except those of a mounted platform, is a problem document (RFC 9457):
``type``, ``title``, ``status``, ``detail``, the stable ``code`` and, where single values are at fault,
``errors`` with a JSON Pointer into the body (``pointer``) or the name of a query parameter
(``parameter``) or header (``header``). It names nothing of the inside, and no value that was sent.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from pydantic import JsonValue
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse

from deputize.errors import Refused, ScriptRejected, StoreUnavailable, shown
from deputize.inbound.answers import CallerRefused
from deputize.server.problem_types import PROBLEM_TYPES
from deputize.use_cases.errors import Invalid, NotPermitted, TooBusy

MEDIA_TYPE = "application/problem+json"
#: Seconds after which it is worth trying again when the database did not answer.
_STORE_RETRY_SECONDS = 2
#: Faults that are told.
_MOST_FAULTS = 20
#: What pydantic begins the messages of our own checks with.
_OURS = "Value error, "
_PLACES = {"body": "pointer", "query": "parameter", "header": "header", "path": "parameter"}
_ROUTING = {
    HTTPStatus.NOT_FOUND: ("NOT_FOUND", "There is nothing at this address."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("METHOD_NOT_ALLOWED", "The method does not exist at this address."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Misplaced:
    """A query parameter, a header, or a value of the body that cannot be used."""

    #: "pointer", "parameter" or "header".
    place: str
    name: str
    detail: str


class Problem(HTTPException):
    """An answer of 400 and above. Its status is that of its *code*."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        faults: Sequence[Misplaced] = (),
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, JsonValue] | None = None,
    ) -> None:
        """Take what the document says; *more* are members of its own."""
        super().__init__(PROBLEM_TYPES[code].status, detail, headers=dict(headers or {}))
        self.code = code
        self.faults = tuple(faults)
        self.more = dict(more or {})

    def closing(self) -> "Problem":
        """Return it as an answer after which the connection ends, because the body was not read."""
        headers = {**(self.headers or {}), "Connection": "close"}
        return Problem(self.code, self.detail, faults=self.faults, headers=headers, more=self.more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problems:
    """Writes problem documents."""

    #: What ``type`` begins with: the address of the documentation, or nothing for this server's own.
    documentation: str = field(default="")

    def answer(self, error: BaseException) -> JSONResponse:
        """Return the answer to a request that ended in *error*."""
        problem = problem_of(error)
        kind = PROBLEM_TYPES[problem.code]
        document: dict[str, JsonValue] = {
            "type": f"{self.documentation}/errors/{problem.code}",
            "title": kind.title,
            "status": kind.status,
            "detail": problem.detail,
            "code": problem.code,
            **problem.more,
        }
        if problem.faults:
            document["errors"] = [{each.place: each.name, "detail": each.detail} for each in problem.faults]
        return JSONResponse(document, kind.status, headers=dict(problem.headers or {}), media_type=MEDIA_TYPE)


def problem_of(error: BaseException) -> Problem:
    """Return what a caller is told of *error*; of a fault of our own, nothing but that it happened."""
    for kind, tell in _TOLD:
        if isinstance(error, kind):
            return tell(error)
    return Problem("INTERNAL", "The server has failed; its log says why.")


def refused_caller(refused: CallerRefused) -> Problem:
    """Return what an inbound request is told that was not accepted."""
    more: dict[str, JsonValue] = {"needs": list(refused.needs)} if refused.needs else {}
    return Problem(refused.code, refused.detail, headers=refused.headers, more=more)


def _refused(error: Refused) -> Problem:
    match error:
        case NotPermitted(denial=denial):
            more: dict[str, JsonValue] = {"needs": list(denial.needs), "would_pass": list(denial.would_pass)}
            return Problem(error.code, denial.reason, more=more)
        case Invalid(faults=faults):
            return _invalid(
                [Misplaced(place="pointer", name=each.pointer, detail=each.detail) for each in faults]
            )
        case TooBusy(retry_after=seconds):
            return Problem(error.code, str(error), headers={"Retry-After": str(seconds)})
        case ScriptRejected(diagnostics=diagnostics):
            found = [asdict(each) for each in diagnostics]
            return Problem(error.code, str(error), more={"diagnostics": list(found)})
        case _:
            return Problem(error.code, str(error))


def _unavailable(error: StoreUnavailable) -> Problem:
    # Its message names the database.
    return Problem(
        error.code,
        "The database does not answer. Nothing was kept; try again.",
        headers={"Retry-After": str(_STORE_RETRY_SECONDS)},
    )


def _disconnected(_error: ClientDisconnect) -> Problem:
    return Problem("BODY_INCOMPLETE", "The body ended early.")


def _unfit(error: RequestValidationError) -> Problem:
    return _invalid([_misplaced(each["loc"], each["msg"]) for each in error.errors()])


def _invalid(faults: Sequence[Misplaced]) -> Problem:
    what = "One value" if len(faults) == 1 else f"{len(faults)} values"
    where = "see errors" if len(faults) <= _MOST_FAULTS else f"see errors for the first {_MOST_FAULTS}"
    return Problem("INVALID", f"{what} of the request cannot be used; {where}.", faults=faults[:_MOST_FAULTS])


def _misplaced(location: Sequence[str | int], message: str) -> Misplaced:
    where, *path = location
    place = _PLACES[str(where)]
    # A key that means nothing stands in its place, which is told; not all of it, if it is long.
    name = shown(pointer(*path) if place == "pointer" else str(path[0]))
    text = message.removeprefix(_OURS)
    return Misplaced(place=place, name=name, detail=f"{text[:1].upper()}{text[1:]}.")


def pointer(*parts: str | int) -> str:
    """Return the JSON Pointer (RFC 6901) to a value."""
    return "".join("/" + str(each).replace("~", "~0").replace("/", "~1") for each in parts)


def _not_routed(error: HTTPException) -> Problem:
    status = HTTPStatus(error.status_code)
    code, detail = _ROUTING.get(status, ("REQUEST_UNREADABLE", "The request cannot be read."))
    return Problem(code, detail, headers=error.headers)


#: How each kind of error is told; of those that are of several kinds, the first one counts.
_TOLD: Final[Sequence[tuple[type[BaseException], Callable[[Any], Problem]]]] = (
    (Problem, lambda problem: problem),
    (RequestValidationError, _unfit),
    (HTTPException, _not_routed),
    (Refused, _refused),
    (StoreUnavailable, _unavailable),
    (ClientDisconnect, _disconnected),
)
