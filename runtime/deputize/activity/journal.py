"""The journal of a run: all that came to its script from outside, exactly, in order.

Beside the activity stream, which is for people, redacted and cut, it is the record that a run can be run
again from. It holds no credential: of requests it has what they show, and a credential of ours that an
answer echoed has been replaced before.
"""

import base64
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from deputize.activity.entries import Explain, SentAs

Pairs = tuple[tuple[str, str], ...]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class JournalBody(_Record):
    """The bytes of a body: as text where they are UTF-8, else in base64."""

    text: str = Field(repr=False)
    encoding: Literal["base64"] | None = None

    @classmethod
    def of(cls, content: bytes) -> "JournalBody":
        """Return the record of *content*."""
        try:
            return cls(text=content.decode("utf-8"))
        except UnicodeDecodeError:
            return cls(text=base64.b64encode(content).decode("ascii"), encoding="base64")

    @property
    def content(self) -> bytes:
        """The bytes. Raises ``ValueError`` for what is no base64."""
        if self.encoding == "base64":
            return base64.b64decode(self.text, validate=True)
        return self.text.encode("utf-8")


class JournalRequest(_Record):
    """A request as it is shown: with marks in the places of credentials and secrets."""

    method: str
    url: str
    headers: Pairs = ()
    body: JournalBody | None = None


class JournalResponse(_Record):
    """An answer, decompressed."""

    status_code: int
    headers: Pairs
    body: JournalBody


class JournalFailure(_Record):
    """Why no answer came."""

    cause: str
    message: str


class JournalExchange(_Record):
    """One call over HTTP. Of answer, failure and missing credential it has exactly one."""

    endpoint: str
    sent_as: SentAs
    request: JournalRequest
    response: JournalResponse | None = None
    failure: JournalFailure | None = None
    missing: str | None = None
    """Why the credential that the call needs could not be had; nothing was sent then."""
    #: Seconds since the epoch.
    started: float
    elapsed_ms: float
    resent: bool = False
    explain: Explain | None = None


class JournalEntry(_Record):
    """One call of the script to the host, and what it came to."""

    #: 1, 2, 3, … within the run.
    number: int = Field(ge=1)
    capability: str
    method: str
    line: int | None
    #: What the script's clock shows from here on.
    now: datetime
    exchanges: tuple[JournalExchange, ...] = ()


class JournalHead(_Record):
    """What the run began with, beside its script and its start."""

    seed: str
    now: datetime
    constants: dict[str, str]
    #: Names of the secrets that the script could name, with the endpoints that each may go to.
    secrets: dict[str, tuple[str, ...]]
    endpoints: dict[str, dict[str, JsonValue]]
    stand_ins: tuple[str, ...]
    form: dict[str, str] | None
    limits: dict[str, JsonValue]
    #: SHA-256 of the shared libraries that the script could import, by name.
    libraries: dict[str, str]


class CallIntent(_Record):
    """A call over HTTP that is about to be sent; kept until its run has ended."""

    #: Of what the script asked for: equal for equal calls.
    fingerprint: str
    #: 1, 2, 3, … among the calls of that fingerprint.
    occurrence: int = Field(ge=1)
    #: The number of the script's question to the host that it is a part of.
    question: int = Field(ge=1)
    endpoint: str
    method: str
    path: str
    #: What is sent with it, for people: without secrets, and cut where it is long.
    body: str = Field(default="", repr=False)
    #: The line of the script.
    line: int | None
    #: Whether it may be sent a second time: by its method, or because the endpoint tells repetitions apart.
    repeatable: bool

    @property
    def shown(self) -> str:
        """The call in a line."""
        return f"{self.method} {self.path} {self.body}".rstrip()

    @property
    def named(self) -> str:
        """The call, where it goes, and where it stands in the script."""
        line = "" if self.line is None else f" (line {self.line})"
        return f"{self.method} {self.path} to endpoint {self.endpoint!r}{line}"


class CallOutcome(_Record):
    """What came of a call that was meant to be sent."""

    fingerprint: str
    occurrence: int = Field(ge=1)
    exchange: JournalExchange


JournalRecord = JournalHead | JournalEntry | CallIntent | CallOutcome
