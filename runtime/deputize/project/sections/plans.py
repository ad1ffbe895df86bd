"""``[plans.NAME]`` with its forms, integrations, endpoints and libraries."""

from typing import Literal, Self

from pydantic import Field, model_validator

from deputize.domain.integration import Action, CallbackKind, Method
from deputize.domain.limits import Limits
from deputize.domain.plan import StartWay
from deputize.domain.retries import Retries
from deputize.domain.signature import SignatureScheme
from deputize.project.sections.endpoints import EndpointSection, SecretSection
from deputize.project.sections.section import Section


class AccessSection(Section):
    """The roles and users who have access."""

    roles: tuple[str, ...] = ()
    users: tuple[str, ...] = ()


AccessList = Literal["all"] | AccessSection


class FormSection(Section):
    """``[plans.P.forms.NAME]``: who may send it, and how it may be started."""

    senders: AccessList = "all"
    start: tuple[StartWay, ...] = ("ui", "api", "mobile")
    response_options: tuple[str, ...] = ()
    """What those who are told may answer."""


class IntegrationSection(Section):
    """``[plans.P.integrations.NAME]``: a script and what sets it off.

    Outbound integrations name the kind of callback with ``on``; inbound ones the method of
    authentication with ``auth``.
    """

    script: str | None = None
    """Its file. Only CREATE_EVENT_SIMPLE needs none: it posts the request to its form."""
    on: CallbackKind | None = None
    response: str | None = None
    """RESPONSE: the one choice that sets it off; every choice when left out."""
    form: str | None = None
    auth: Method | None = None
    signature: SignatureScheme | None = None
    """How requests are signed; with auth = "signature"."""
    action: Action | None = None
    """CREATE_EVENT and CREATE_EVENT_SIMPLE need a form. RUN_SCRIPT when left out."""
    enabled: bool = True
    limits: Limits = Limits()
    """Bounds of its runs where they differ from `[limits]`."""
    # Left out where there are none: a section that says nothing of them counts as unchanged.
    retries: Retries | None = Field(default=None, exclude_if=lambda value: value is None)
    """How often a run that has failed is tried again by itself; never when left out."""

    @model_validator(mode="after")
    def _is_inbound_or_outbound(self) -> Self:
        if (self.on is None) == (self.auth is None):
            raise ValueError('needs exactly one of `on` (outbound, e.g. "RESPONSE") and `auth` (inbound)')
        if self.auth == "signature" and self.signature is None:
            raise ValueError('`signature` is missing: auth = "signature" needs one, as { preset = "github" }')
        if self.auth != "signature" and self.signature is not None:
            raise ValueError('`signature` belongs to integrations with auth = "signature"')
        if self.on is not None and self.action is not None:
            raise ValueError("`action` belongs to inbound integrations; this one has `on`")
        if self.response is not None and self.on != "RESPONSE":
            raise ValueError('`response` belongs to integrations with on = "RESPONSE"')
        if self.script is None and self.action != "CREATE_EVENT_SIMPLE":
            raise ValueError("`script` is missing; only CREATE_EVENT_SIMPLE needs none")
        if self.action in ("CREATE_EVENT", "CREATE_EVENT_SIMPLE") and self.form is None:
            raise ValueError(f"`form` is missing: {self.action} sends one")
        return self


class PlanSection(Section):
    """``[plans.NAME]``: the unit of access; holds constants, forms and integrations."""

    access: AccessList = "all"
    enabled: bool = True
    requests_per_minute: int | None = Field(default=None, gt=0)
    """Inbound requests that are accepted in a minute; more are answered 429."""
    constants: dict[str, str] = Field(default_factory=dict)
    forms: dict[str, FormSection] = Field(default_factory=dict)
    integrations: dict[str, IntegrationSection] = Field(default_factory=dict)
    endpoints: dict[str, EndpointSection] = Field(default_factory=dict)
    secrets: dict[str, SecretSection] = Field(default_factory=dict)
    shared: dict[str, str] = Field(default_factory=dict)
    """Files of shared libraries by the name under which scripts import them."""
