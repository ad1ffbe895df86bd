"""Reads the JSON of a body: what could not be written as JSON again is refused here."""

import math
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from deputize.platform.embedded.rest.problems import not_json, unfit

_Body = TypeVar("_Body", bound=BaseModel)


def read_body(model: type[_Body], content: bytes) -> _Body:
    """Return *content* as *model*; raises a 400 for what does not fit, or is no JSON (RFC 8259)."""
    try:
        read = model.model_validate_json(content)
    except ValidationError as error:
        raise unfit(error) from None
    if not _is_finite(from_json(content)):
        raise not_json()
    return read


def _is_finite(value: Any) -> bool:
    """Whether every number in *value* is one of JSON; ``1e999`` is read as one that is not."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        match each:
            case float() if not math.isfinite(each):
                return False
            case list():
                waiting += each
            case dict():
                waiting += each.values()
    return True
