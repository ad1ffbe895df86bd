"""Requests that cannot be answered as asked, and the shape in which they are told so."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from pydantic import JsonValue, ValidationError

from deputize.domain.decision import Denial, Grant
from deputize.errors import shown

_CHALLENGE = 'Basic realm="platform", charset="UTF-8", Bearer realm="platform"'
FORBIDDEN_MESSAGE = "User does not have the permission to access this service/functionality."


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One fault of a body: where it is, as ``properties/number``, and what is wrong."""

    path: str
    text: str


class Problem(Exception):
    """An answer of 400 and above: what is wrong, where, and which value."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        subcode: str | None = None,
        arguments: Sequence[str] = (),
        details: Sequence[Detail] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.subcode = subcode
        self.arguments = tuple(arguments)
        self.details = tuple(details)
        self.headers = headers or {}

    def body(self) -> dict[str, JsonValue]:
        """Return the body: code, reason, message and, where there are, subcode and arguments."""
        body: dict[str, JsonValue] = {
            "code": self.status,
            "reason": HTTPStatus(self.status).phrase,
            "message": self.message,
        }
        if self.subcode is not None:
            body["subcode"] = self.subcode
            body["arguments"] = list(self.arguments)
        return body


class Forbidden(Problem):
    """What was asked for is there, and the one who asks has no right to it."""

    def __init__(self, *, initiator: str, denial: Denial, headers: dict[str, str] | None = None) -> None:
        super().__init__(
            HTTPStatus.FORBIDDEN, FORBIDDEN_MESSAGE, subcode="UNAUTHORIZED_ACCESS_ERROR", headers=headers
        )
        self.initiator = initiator
        self.denial = denial


def require(decision: Grant | Denial, *, initiator: str) -> None:
    """Raise ``Forbidden`` when *decision* is a denial."""
    if isinstance(decision, Denial):
        raise Forbidden(initiator=initiator, denial=decision)


def require_scope(decision: Grant | Denial, *, initiator: str, scope: str) -> None:
    """Raise ``Forbidden``, which names the *scope* that is missing (RFC 6750 §3.1), for a denial."""
    if isinstance(decision, Denial):
        challenge = f'Bearer realm="platform", error="insufficient_scope", scope="{scope}"'
        raise Forbidden(initiator=initiator, denial=decision, headers={"WWW-Authenticate": challenge})


def unauthorized(
    message: str = "The request has no credential, or none that is accepted here.",
) -> Problem:
    """Return the 401, which does not tell an unknown credential from an expired or revoked one."""
    return Problem(
        HTTPStatus.UNAUTHORIZED,
        message,
        headers={"WWW-Authenticate": _CHALLENGE},
    )


def invalid_token() -> Problem:
    """Return the 401 to an access token that is good for nothing: the same, but for it (RFC 6750 §3.1)."""
    problem = unauthorized()
    problem.headers["WWW-Authenticate"] = f'{_CHALLENGE}, error="invalid_token"'
    return problem


def not_found(what: str, key: str) -> Problem:
    """Return the 404 for the *what* (person, event) that *key* names."""
    return Problem(
        HTTPStatus.NOT_FOUND,
        f"There is no {what} with the id or name {shown(key)}.",
        subcode=f"{what}.not_found",
        arguments=[shown(key)],
    )


def missing(field: str) -> Problem:
    """Return the 400 for a required *field* that is not there."""
    return Problem(
        HTTPStatus.BAD_REQUEST,
        f"Missing required field: {field}.",
        subcode="validation.common.field.missing_required_field",
        arguments=[field],
        details=[Detail(path=_path(field), text="Missing required field")],
    )


def invalid(field: str, value: str, what: str) -> Problem:
    """Return the 400 for a *field* whose *value* is not *what* it has to be."""
    return Problem(
        HTTPStatus.BAD_REQUEST,
        f"The {field} field contains an invalid value: {shown(value)}. It must be {what}.",
        subcode="validation.common.field.invalid",
        arguments=[field, shown(value)],
        details=[Detail(path=_path(field), text=f"Must be {what}")],
    )


def not_one_of(field: str, value: str, valid: Sequence[str]) -> Problem:
    """Return the 400 for a *field* whose *value* is none of the *valid* ones."""
    listed = ", ".join(valid)
    return Problem(
        HTTPStatus.BAD_REQUEST,
        f"The {field} field contains an invalid value: {shown(value)}. Valid values include: {listed}.",
        subcode="validation.common.field.invalid.enum",
        arguments=[field, shown(value), listed],
        details=[Detail(path=_path(field), text=f"Must be one of {listed}")],
    )


def unfit(error: ValidationError) -> Problem:
    """Return the 400 for a body that does not fit: its first fault."""
    fault = error.errors(include_url=False, include_context=True)[0]
    field = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "json_invalid":
        return not_json()
    if fault["type"] == "missing":
        return missing(field)
    if not field:
        return Problem(
            HTTPStatus.BAD_REQUEST,
            "The body must be one JSON object.",
            subcode="validation.common.body.not_an_object",
        )
    value = fault["input"]
    text = value if isinstance(value, str) else repr(value)
    if fault["type"] == "literal_error":
        expected = str(fault["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
        return not_one_of(field, text, expected.split(", "))
    what = fault["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return invalid(field, text, what)


def not_json() -> Problem:
    """Return the 400 for a body that is no JSON."""
    return Problem(
        HTTPStatus.BAD_REQUEST,
        "The body is not valid JSON. Send one JSON object in UTF-8.",
        subcode="validation.common.body.not_json",
    )


def _path(field: str) -> str:
    return field.replace(".", "/")
