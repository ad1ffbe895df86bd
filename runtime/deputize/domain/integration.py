"""An integration: a script, and what sets it off."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import JsonValue

#: How the caller of an inbound integration is authenticated: exactly one.
Method: TypeAlias = Literal["url", "basic", "api-key", "oauth", "signature"]
#: What a script is written in; only Python can be run, the rest waits to be ported.
Language: TypeAlias = Literal["python", "javascript"]
#: What an inbound integration does.
Action: TypeAlias = Literal["CREATE_EVENT_SIMPLE", "CREATE_EVENT", "RUN_SCRIPT"]
#: The change of an event that sets an outbound integration off.
CallbackKind: TypeAlias = Literal[
    "STATUS", "DELIVERYSTATUS", "RESPONSE", "ANNOTATION", "ESCALATION", "TARGETEDRECIPIENTFAILURE"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptVersion:
    """One text of an integration's script or of a shared library. Never changed, only followed."""

    id: str
    #: The integration or the shared library that it belongs to.
    owner_id: str
    #: 1, 2, 3, …
    number: int
    sha256: str
    source: str
    #: The name of who saved it, or "deputize.toml".
    author: str
    created: datetime
    language: Language = "python"

    @property
    def runnable(self) -> bool:
        """Whether it can be run; what is written in another language waits to be ported."""
        return self.language == "python"


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """What is set off by an inbound request (*action*) or by a change of an event (*callback*)."""

    id: str
    plan_id: str
    name: str
    #: Set for an inbound integration.
    action: Action | None = None
    #: Set for an outbound integration.
    callback: CallbackKind | None = None
    form_id: str | None = None
    #: RESPONSE: the one choice that sets it off; None for every choice.
    response_choice: str | None = None
    #: None on an inbound integration: none has been chosen yet, and every request is refused.
    method: Method | None = None
    #: Brought in as it was before there were methods, and not edited since: it goes on as its plan's
    #: ``LegacyTerms`` say. Never with a method.
    legacy: bool = False
    #: How its requests are signed, where the method is "signature".
    signature: Mapping[str, JsonValue] | None = None
    enabled: bool = True
    #: The present script; None only where the product's own is used (CREATE_EVENT_SIMPLE).
    script_version_id: str | None = None
    #: Bounds of its runs where they differ from those of the deployment: ``Limits`` by name.
    limits: Mapping[str, JsonValue] = field(default_factory=dict)
    #: ``Retries`` by name; None: what has failed is not tried again by itself.
    retries: Mapping[str, JsonValue] | None = None

    @property
    def inbound(self) -> bool:
        """Whether a request sets it off."""
        return self.action is not None

    @property
    def unchosen(self) -> bool:
        """Whether a method is still to be chosen: until then nothing of it is edited."""
        return self.inbound and self.method is None

    def with_method(self, method: Method) -> "Integration":
        """Return it with *method*, which is what ends legacy, for good; of another one nothing is left."""
        signature = self.signature if method == "signature" else None
        return replace(self, method=method, legacy=False, signature=signature)

    @property
    def creates_event(self) -> bool:
        """Whether its purpose is an event, so that the right to send its form is asked for at intake."""
        return self.action in ("CREATE_EVENT_SIMPLE", "CREATE_EVENT")


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedLibrary:
    """A script without ``main`` that the scripts of its plan import by name."""

    id: str
    plan_id: str
    name: str
    script_version_id: str
