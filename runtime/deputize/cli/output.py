"""In which form a stream is shown."""

from enum import Enum

import typer


class Output(Enum):
    """Words for a person, one document, or a document on each line."""

    TEXT = "text"
    JSON = "json"
    NDJSON = "ndjson"

    @classmethod
    def asked_for(cls, *, as_json: bool, as_lines: bool) -> "Output":
        """Return what ``--json`` and ``--ndjson`` ask for."""
        if as_json and as_lines:
            raise typer.BadParameter("--json and --ndjson exclude each other.")
        return cls.JSON if as_json else cls.NDJSON if as_lines else cls.TEXT
