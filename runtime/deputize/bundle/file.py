"""The file of a bundle: JSON of a published shape."""

import json
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from deputize.activity.entries import ActivityEntry, ErrorEntry
from deputize.activity.journal import JournalHead
from deputize.domain.run import RunState
from deputize.domain.start import Start

SUFFIX: Final = ".deputize"
SCHEMA: Final = 1


def _is_none(value: object) -> bool:
    """Return whether a field has nothing to say and is left out."""
    return value is None


def _is_one(value: object) -> bool:
    """Return whether a count is the common one and is left out."""
    return value == 1


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, serialize_by_alias=True)


class BundledInitiator(_Part):
    """Who set the run off."""

    id: str
    name: str
    via: str


class BundledRun(_Part):
    """The run itself."""

    id: str = Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")
    name: str
    state: RunState
    trigger: str
    integration_id: str | None
    #: The name of its plan; None where it had none, and in bundles of versions that did not write it.
    plan: str | None = Field(default=None, exclude_if=_is_none)
    event_id: str | None
    initiator: BundledInitiator
    chain: tuple[str, ...]
    #: The run that it was a live replay of, and the name of who asked for it.
    replay_of: str | None = Field(default=None, exclude_if=_is_none)
    replayed_by: str | None = Field(default=None, exclude_if=_is_none)
    #: The run that it tried again, and the how manieth try it was.
    retry_of: str | None = Field(default=None, exclude_if=_is_none)
    tries: int = Field(default=1, exclude_if=_is_one)
    trace_id: str
    queued: datetime
    started: datetime | None
    finished: datetime | None


class BundledScript(_Part):
    """The script that ran, with the shared libraries that it imports."""

    #: As entries and messages name it.
    path: str
    sha256: str
    source: str = Field(repr=False)
    libraries: dict[str, str] = Field(default_factory=dict, repr=False)


class BundledCall(_Part):
    """One call of the script to the host, and which exchanges of the HAR it came to."""

    number: int
    capability: str
    method: str
    line: int | None
    now: datetime
    exchanges: tuple[int, ...]


class HarCreator(_Part):
    """What wrote the HAR."""

    name: str
    version: str


class HarLog(_Part):
    """The log of HAR 1.2."""

    version: Literal["1.2"] = "1.2"
    creator: HarCreator
    entries: tuple[dict[str, Any], ...]


class Har(_Part):
    """What a HAR viewer reads: it may be cut out and opened as it is."""

    log: HarLog


class Replaced(_Part):
    """A value that was replaced before it was written, and why."""

    path: str
    why: str


class Bundle(_Part):
    """Everything of one run."""

    schema_version: Literal[1] = Field(default=SCHEMA, alias="schema")
    #: The version of the product that wrote it.
    written_by: str
    run: BundledRun
    script: BundledScript
    start: Start
    head: JournalHead
    calls: tuple[BundledCall, ...]
    har: Har
    activity: tuple[ActivityEntry, ...]
    result: JsonValue = None
    error: ErrorEntry | None = None
    redacted: tuple[Replaced, ...] = ()

    @property
    def size(self) -> str:
        """How many exchanges there are, in words."""
        number = len(self.har.log.entries)
        return f"{number} {'exchange' if number == 1 else 'exchanges'}"

    def text(self) -> str:
        """Return the bundle as it stands in its file."""
        return json.dumps(self.model_dump(mode="json"), indent=1, ensure_ascii=True) + "\n"


def write_bundle(bundle: Bundle, path: Path) -> None:
    """Write *bundle* to *path*, which only its owner may read: bodies stand in it.

    Whoever reads *path* meanwhile, or writes it too, finds a whole bundle.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}-", delete=False
    ) as file:
        written = Path(file.name)
        try:
            file.write(bundle.text())
            file.flush()
            written.replace(path)
        except BaseException:
            written.unlink()
            raise
