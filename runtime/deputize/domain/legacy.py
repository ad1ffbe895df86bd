"""Integrations from before there were methods: on what terms they go on, and the way over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, TypeAlias

from pydantic import JsonValue

#: How the initiator of a legacy run was found, and of all that its events set off: ``Principal.via``.
LEGACY: Final = "legacy"
#: The subject of nobody: as whom a legacy run is that has no endpoint owner. No account has it.
NO_OWNER: Final = ""
#: What stands in the place of the name that nobody has.
NO_OWNER_NAME: Final = "(no owner)"

#: What would become of a call if somebody else's account made it.
Verdict: TypeAlias = Literal["same", "refused", "shorter", "different", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegacyTerms:
    """How the legacy integrations of a plan go on: who may call them, and as whom their scripts call."""

    plan_id: str
    #: Whether callers need the plan's pair of name and password; if not, everybody may call.
    authenticated: bool
    #: The pair's name; None where no pair was brought in, and then nobody has it.
    name: str | None = None
    #: Of the pair's password.
    hash: str | None = field(default=None, repr=False)
    #: The subject of the endpoint's owner; None: scripts have nobody to call as, and calls are refused.
    owner: str | None = None
    imported: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LegacySwitch:
    """A legacy integration that was given a method by ``migrate switch``, and can be given back."""

    integration_id: str
    at: datetime
    #: The name of who did it.
    by: str
    #: The integration as the switch left it; one that has been edited since is not given back.
    after: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """A legacy integration whose calls are judged as those of its initiator to be as well."""

    integration_id: str
    subject: str
    since: datetime
    #: None: until it is ended.
    until: datetime | None = None

    def live(self, now: datetime) -> bool:
        """Whether it has not ended."""
        return self.until is None or self.until > now


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowFinding:
    """What would have become of the calls of one line of one script, and how often."""

    #: The hash of integration, subject, script and its text, line, method and verdict.
    id: str
    integration_id: str
    subject: str
    #: The integration whose script called: the legacy one, or one that its events set off.
    script: str
    script_sha256: str
    line: int | None
    method: str
    #: The latest one.
    path: str
    verdict: Verdict
    count: int
    first: datetime
    last: datetime
    #: What the latest one was about: ``needs``, ``would_pass``, how much shorter.
    detail: Mapping[str, JsonValue]
