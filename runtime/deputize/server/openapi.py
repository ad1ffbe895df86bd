"""The OpenAPI 3.1 document of the server, which the same operations always have the same names in."""

from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from deputize.server.problem_documents import ProblemDocument
from deputize.server.routes.operations import PREFIX

_REF = "#/components/schemas/{model}"
_SECURITY = {
    "basic": {
        "type": "http",
        "scheme": "basic",
        "description": "A user's name and password; for triggers also an API key and its secret.",
    },
    "client": {
        "type": "http",
        "scheme": "basic",
        "description": "The id and the secret of a confidential client of OAuth.",
    },
    "urlKey": {
        "type": "apiKey",
        "in": "query",
        "name": "apiKey",
        "description": "A URL key, for triggers of integrations with the method url and nothing else.",
    },
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token of a run: a script that triggers another integration.",
    },
}


def openapi_document(app: FastAPI) -> dict[str, Any]:
    """Return the document."""
    document: dict[str, Any] = get_openapi(
        title="Deputize",
        version=version("deputize"),
        summary="Scripts that act with exactly the authority of whoever set them off.",
        description="Errors are problem documents (RFC 9457); `/errors/CODE` explains their stable `code`.",
        routes=app.routes,
    )
    components = document.setdefault("components", {})
    components["securitySchemes"] = _SECURITY
    schema = ProblemDocument.model_json_schema(ref_template=_REF)
    components["schemas"].update(schema.pop("$defs"), ProblemDocument=schema)
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    for path, item in document["paths"].items():
        for operation in item.values():
            _finish(path, operation)
    return document


def _finish(path: str, operation: dict[str, Any]) -> None:
    # Of an operation that takes parameters FastAPI says that it answers 422, in a shape of its own.
    if "application/json" in operation["responses"].get("422", {}).get("content", ()):
        del operation["responses"]["422"]
    if path.startswith(PREFIX):
        operation["security"] = [{"basic": []}]
    elif "security" not in operation:
        operation["security"] = []
