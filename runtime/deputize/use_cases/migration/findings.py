"""What the review finds, and what to do about it."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias
from urllib.parse import quote

from pydantic import JsonValue

FindingCode: TypeAlias = Literal[
    "ACCESS",
    "MISSING_ROLE",
    "READS_OTHERS",
    "SENDER",
    "STATUS_IGNORED",
    "WEAK_METHOD",
]
#: How sure a finding is: what was seen or judged, what is to be expected, and what nobody can tell.
Certainty: TypeAlias = Literal["certain", "likely", "cannot tell"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it should be."""

    code: FindingCode
    certainty: Certainty = "certain"
    integration_id: str
    #: ``PLAN/NAME``.
    integration: str
    #: The name of whom it is about.
    user: str | None = None
    #: Of the integration's script.
    line: int | None = None
    #: How often it was seen.
    count: int | None = None
    #: Sentences: what was found, and what to do.
    message: str
    advice: str
    #: What does it, to be copied; a word in capitals is to be replaced.
    command: str | None = None


def patch_command(path: str, body: Mapping[str, JsonValue]) -> str:
    """Return the command that changes what is at *path* of the API; it asks for ADMIN's password."""
    sent = shlex.quote(json.dumps(body, ensure_ascii=False))
    return f'curl -u ADMIN -X PATCH --json {sent} "$DEPUTIZE_URL{quote(path)}"'


def quoted(name: str) -> str:
    """Return *name* as one argument of a command."""
    return shlex.quote(name)
