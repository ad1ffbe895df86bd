"""The shape of ``deputize.toml``."""

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from deputize.domain.limits import Limits

CallbackKind = Literal[
    "STATUS", "DELIVERYSTATUS", "RESPONSE", "ANNOTATION", "ESCALATION", "TARGETEDRECIPIENTFAILURE"
]
Right = Literal["View", "Use", "Edit", "Delete", "Assign"]
EventStatus = Literal["ACTIVE", "SUSPENDED", "TERMINATED"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class PlatformSection(_Section):
    """``[platform]``: the platform that scripts call; empty for the embedded one."""


class UserSection(_Section):
    """``[users.NAME]``: a person on the embedded platform."""

    roles: tuple[str, ...] = ()
    first_name: str = ""
    last_name: str = ""
    status: Literal["ACTIVE", "INACTIVE"] = "ACTIVE"


class RoleSection(_Section):
    """``[roles.NAME]``: what its holders may do, and to holders of which roles."""

    functions: tuple[str, ...] = ()
    on: dict[str, tuple[Right, ...]] = Field(default_factory=dict)
    """Rights on people by their role; ``"*"`` stands for every role."""


class EventSection(_Section):
    """``[[events]]``: an event that the embedded platform already has."""

    id: str
    initiator: str
    status: EventStatus = "ACTIVE"
    properties: dict[str, str | int | float | bool | list[str]] = Field(default_factory=dict)


class SecretReference(_Section):
    """The name of a secret; its value never stands in the file."""

    secret: str = Field(min_length=1)


class NoAuth(_Section):
    """Nothing is added to a request."""

    type: Literal["none"] = "none"


class BasicAuth(_Section):
    """HTTP Basic with a stored user and password."""

    type: Literal["basic"]
    user: str
    password: SecretReference


class BearerAuth(_Section):
    """A stored bearer token."""

    type: Literal["bearer"]
    token: SecretReference


class EndpointSection(_Section):
    """``[endpoints.NAME]``: an external system that scripts may call."""

    base_url: str
    auth: Annotated[NoAuth | BasicAuth | BearerAuth, Field(discriminator="type")] = NoAuth()
    methods: tuple[str, ...] | None = None
    """The only methods that may be used; all when left out."""
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """Private networks in which the endpoint's address may lie."""
    stand_in: str | None = None
    """A file of canned routes that stands in for the endpoint on a laptop."""

    @field_validator("base_url")
    @classmethod
    def _is_a_web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be a full address such as https://host.example/")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("must not hold a user, password, query or fragment; use auth = {…}")
        return value

    @field_validator("methods")
    @classmethod
    def _are_upper_case(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return value if value is None else tuple(method.upper() for method in value)


class AccessSection(_Section):
    """The roles and users who have access."""

    roles: tuple[str, ...] = ()
    users: tuple[str, ...] = ()


Access = Literal["all"] | AccessSection


class FormSection(_Section):
    """``[plans.P.forms.NAME]``: who may send it, and from where."""

    senders: Access = "all"
    start: tuple[Literal["ui", "api", "mobile", "email"], ...] = ("ui", "api", "mobile")


class IntegrationSection(_Section):
    """``[plans.P.integrations.NAME]``: a script and what sets it off.

    Outbound integrations name the kind of callback with ``on``; inbound ones the method of
    authentication with ``auth``.
    """

    script: str
    on: CallbackKind | None = None
    form: str | None = None
    auth: Literal["api-key", "url", "basic", "oauth", "signature"] | None = None
    action: Literal["CREATE_EVENT", "CREATE_EVENT_SIMPLE", "RUN_SCRIPT"] | None = None

    @model_validator(mode="after")
    def _is_inbound_or_outbound(self) -> Self:
        if (self.on is None) == (self.auth is None):
            raise ValueError('needs exactly one of `on` (outbound, e.g. "RESPONSE") and `auth` (inbound)')
        if self.on is not None and self.action is not None:
            raise ValueError("`action` belongs to inbound integrations; this one has `on`")
        return self


class PlanSection(_Section):
    """``[plans.NAME]``: the unit of access; holds constants, forms and integrations."""

    access: Access = "all"
    constants: dict[str, str] = Field(default_factory=dict)
    forms: dict[str, FormSection] = Field(default_factory=dict)
    integrations: dict[str, IntegrationSection] = Field(default_factory=dict)


class ProjectFile(_Section):
    """The whole of ``deputize.toml``."""

    platform: PlatformSection = PlatformSection()
    users: dict[str, UserSection] = Field(default_factory=dict)
    roles: dict[str, RoleSection] = Field(default_factory=dict)
    events: tuple[EventSection, ...] = ()
    endpoints: dict[str, EndpointSection] = Field(default_factory=dict)
    plans: dict[str, PlanSection] = Field(default_factory=dict)
    limits: Limits = Limits()
