"""The JSON Schemas of what the product prints and publishes."""

from typing import Any

from deputize.activity.entries import activity_entry

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def activity_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of one activity entry, generated from the models."""
    schema = activity_entry.json_schema(by_alias=True, mode="serialization")
    return {"$schema": SCHEMA_DIALECT, "title": "Deputize activity entry", **schema}
