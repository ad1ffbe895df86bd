"""What a status is called and what a refused answer says."""

from http import HTTPStatus

from pydantic import BaseModel, ConfigDict, ValidationError

#: Said when a 403 does not say why.
NO_PERMISSION = "User does not have the permission to access this service/functionality."
PREFIX = "UNAUTHORIZED_ACCESS_ERROR: "

_UNAUTHORIZED, _FORBIDDEN = 401, 403
_LONGEST = 2000

#: Names that differ between versions of Python, or from what scripts compare with.
_NAMES = {
    413: "PAYLOAD_TOO_LARGE",
    414: "URI_TOO_LONG",
    416: "REQUESTED_RANGE_NOT_SATISFIABLE",
    418: "I_AM_A_TEAPOT",
    422: "UNPROCESSABLE_ENTITY",
}


class PlatformError(BaseModel):
    """The error body of the platform's REST API."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    code: int
    message: str
    reason: str | None = None
    subcode: str | None = None
    arguments: list[str] | None = None


class LegacyError(BaseModel):
    """The error body of the platform's older API."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    type: str
    message: str


def status_message(status_code: int) -> str:
    """Return the status as an upper-case name, ``FORBIDDEN``; ``UNKNOWN`` for one that has no name."""
    if status_code in _NAMES:
        return _NAMES[status_code]
    try:
        return HTTPStatus(status_code).name
    except ValueError:
        return "UNKNOWN"


def refusal_reason(status: int, content: bytes) -> str | None:
    """Return why a 401 or 403 was given, in one line of at most 2000 characters.

    A 403 always has a reason, beginning ``UNAUTHORIZED_ACCESS_ERROR: ``. A 401 has one when its
    body is understood. Any other status is no refusal: None.
    """
    if status not in (_UNAUTHORIZED, _FORBIDDEN):
        return None
    said = _said(status, content)
    if status == _UNAUTHORIZED:
        return said or None
    said = said or NO_PERMISSION
    return said if said.startswith(PREFIX) else PREFIX + said


def _said(status: int, content: bytes) -> str:
    try:
        legacy = LegacyError.model_validate_json(content)
    except ValidationError:
        pass
    else:
        return _line(f"{legacy.type}: {legacy.message}") if legacy.message.strip() else ""
    try:
        message = PlatformError.model_validate_json(content).message
    except ValidationError:
        return ""
    if not message.strip():
        return ""
    return _line(message if status == _FORBIDDEN else f"{status_message(status)}: {message}")


def _line(text: str) -> str:
    """Return *text* on one line and bounded: it was written by whoever answered."""
    return " ".join("".join(each if each.isprintable() else " " for each in text[:_LONGEST]).split())
