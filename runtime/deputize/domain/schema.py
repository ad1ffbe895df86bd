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


def run_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a run that has ended, generated from the models."""
    schema = RunDocument.model_json_schema(by_alias=True, mode="serialization")
    schema["properties"]["stand_ins"] = _STAND_INS
    return {"$schema": SCHEMA_DIALECT, **schema, "title": "Deputize run"}
