"""``deputize schema``: the JSON Schemas of what the product reads and prints."""

from deputize.activity.schema import activity_schema
from deputize.cli.errors import ExitCode
from deputize.cli.terminal import Terminal
from deputize.domain.schema import run_schema
from deputize.errors import Refused, did_you_mean
from deputize.project.schema import project_schema

_SCHEMAS = {"activity": activity_schema, "run": run_schema, "project": project_schema}


class UnknownSchema(Refused):
    """There is no schema of that name."""

    code = "UNKNOWN_SCHEMA"


def print_schema(name: str) -> ExitCode:
    """Print the schema *name*. Raises ``UnknownSchema`` with the nearest name."""
    if name not in _SCHEMAS:
        raise UnknownSchema(
            f'there is no schema "{name}".{did_you_mean(name, _SCHEMAS)} Schemas: {", ".join(_SCHEMAS)}.'
        )
    Terminal.open().write_json(_SCHEMAS[name]())
    return ExitCode.OK
