"""The JSON Schema of a run as ``deputize run --json`` prints it."""

from typing import Any

from deputize.activity.schema import SCHEMA_DIALECT
from deputize.domain.run import RunDocument

#: There only when stand-ins served the run's endpoints.
_STAND_INS = {
    "type": "object",
    "description": "What each stand-in received, by endpoint.",
    "additionalProperties": {
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": ["method", "path", "query", "headers", "body", "status"],
            "properties": {
                "method": {"type": "string"},
                "path": {"type": "string"},
                "query": {"type": "string"},
                "headers": {"type": "object", "additionalProperties": {"type": "string"}},
                "body": {},
                "status": {"type": "integer"},
            },
        },
    },
}

#: There only when an event of the run has set other runs off.
_SET_OFF = {
    "type": "array",
    "description": "The runs that events of this run have set off.",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "name", "state", "initiator"],
        "properties": {
            "id": {"type": "string"},
            "name": {"type": "string"},
            "state": {"type": "string"},
            "initiator": {"type": "string"},
        },
    },
}


def run_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a run that has ended, generated from the models."""
    schema = RunDocument.model_json_schema(by_alias=True, mode="serialization")
    schema["properties"]["stand_ins"] = _STAND_INS
    schema["properties"]["set_off"] = _SET_OFF
    return {"$schema": SCHEMA_DIALECT, **schema, "title": "Deputize run"}
