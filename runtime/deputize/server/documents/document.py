"""What every body has in common."""

from typing import Any

from pydantic import BaseModel, ConfigDict


def _without_defaults(schema: dict[str, Any]) -> None:
    for each in schema.get("properties", {}).values():
        each.pop("default", None)


class Document(BaseModel):
    """Something that is answered."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Sent(BaseModel):
    """Something that is sent. A key that it does not have is an error, and so is a value of another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)


class SentChange(Sent):
    """Something that is to change; what is left out stays, so that defaults mean nothing."""

    model_config = ConfigDict(json_schema_extra=_without_defaults)
