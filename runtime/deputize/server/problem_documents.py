"""Problem documents in the OpenAPI document."""

from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict

from deputize.server.problem_types import PROBLEM_TYPES
from deputize.server.problems import MEDIA_TYPE


class ProblemFault(BaseModel):
    """A value at fault: a JSON Pointer into the body, or the name of a query parameter or header."""

    pointer: str | None = None
    parameter: str | None = None
    header: str | None = None
    detail: str


class ProblemDocument(BaseModel):
    """Why a request was not answered as asked (RFC 9457). Some codes have members of their own."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[ProblemFault] | None = None


def problems_of(status: int) -> dict[str, Any]:
    """Return the description of answers of *status*, with the codes that they may have."""
    codes = sorted(code for code, kind in PROBLEM_TYPES.items() if kind.status == status)
    return {
        "description": f"{HTTPStatus(status).phrase}: {', '.join(codes)}.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
    }
