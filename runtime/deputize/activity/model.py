"""What all that stands in an activity stream has in common."""

from pydantic import BaseModel, ConfigDict


def is_empty(value: object) -> bool:
    """Return whether a field has nothing to say and is left out."""
    return value is None or value in ((), {})


def is_false(value: object) -> bool:
    """Return whether a field is the common no and is left out."""
    return value is False


def is_one(value: object) -> bool:
    """Return whether a count is the common one and is left out."""
    return value == 1


class Model(BaseModel):
    """Read-only, with no field but its own; under aliases where it has them."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        use_attribute_docstrings=True,
        json_schema_serialization_defaults_required=True,
    )
