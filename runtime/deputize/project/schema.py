"""The JSON Schema of ``deputize.toml``, for editors that complete."""

from typing import Any

from deputize.activity.schema import SCHEMA_DIALECT
from deputize.project.sections.file import ProjectFile


def project_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a project file, generated from the models."""
    schema = ProjectFile.model_json_schema(by_alias=True, mode="validation")
    return {"$schema": SCHEMA_DIALECT, **schema, "title": "deputize.toml"}
