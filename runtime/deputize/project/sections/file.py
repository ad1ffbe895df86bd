"""The whole of ``deputize.toml``."""

from pydantic import Field

from deputize.domain.limits import Limits
from deputize.domain.retention import Retention
from deputize.project.sections.endpoints import EndpointSection, SecretSection
from deputize.project.sections.oauth import OAuthSection
from deputize.project.sections.people import EventSection, RoleSection, UserSection
from deputize.project.sections.plans import PlanSection
from deputize.project.sections.section import Section


class PlatformSection(Section):
    """``[platform]``: the platform that scripts call; empty for the embedded one."""


class ProjectFile(Section):
    """The whole of ``deputize.toml``."""

    platform: PlatformSection = PlatformSection()
    users: dict[str, UserSection] = Field(default_factory=dict)
    roles: dict[str, RoleSection] = Field(default_factory=dict)
    events: tuple[EventSection, ...] = ()
    endpoints: dict[str, EndpointSection] = Field(default_factory=dict)
    secrets: dict[str, SecretSection] = Field(default_factory=dict)
    plans: dict[str, PlanSection] = Field(default_factory=dict)
    oauth: OAuthSection = OAuthSection()
    limits: Limits = Limits()
    retention: Retention = Retention()
