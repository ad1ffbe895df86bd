"""Requests to the older API that cannot be answered as asked: its own shape, ``type`` and ``message``."""

from http import HTTPStatus

from pydantic import JsonValue

from deputize.platform.embedded.rest.problems import Problem

#: Says what is wrong a second time: that API describes a 403 in a header.
DETAILS_HEADER = "x-error-details"

_TYPES = {
    HTTPStatus.BAD_REQUEST: "DATA_VALIDATION_ERROR",
    HTTPStatus.UNAUTHORIZED: "AUTHENTICATION_ERROR",
    HTTPStatus.FORBIDDEN: "UNAUTHORIZED_ACCESS_ERROR",
    HTTPStatus.NOT_FOUND: "RESOURCE_NOT_FOUND_ERROR",
}


def legacy_body(problem: Problem) -> dict[str, JsonValue]:
    """Return the body: type and message and, for a body that does not fit, each fault of it."""
    body: dict[str, JsonValue] = {"type": _type(problem), "message": problem.message}
    if problem.details:
        body["message"] = "There are data validation errors in the form."
        body["errorDetails"] = [{"jsonPath": each.path, "details": each.text} for each in problem.details]
    return body


def legacy_headers(problem: Problem) -> dict[str, str]:
    """Return the headers: those of the problem and, for a 403, what it is about."""
    if problem.status != HTTPStatus.FORBIDDEN:
        return problem.headers
    return {**problem.headers, DETAILS_HEADER: f"{_type(problem)}: {problem.message}"}


def _type(problem: Problem) -> str:
    status = HTTPStatus(problem.status)
    return _TYPES.get(status, f"{status.name}_ERROR")
