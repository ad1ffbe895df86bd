"""A real, small platform: people, roles, events; a REST API on loopback, over SQLite."""

from deputize.platform.embedded.platform import EmbeddedPlatform
from deputize.platform.embedded.seed import EventSeed, PersonSeed, PlatformSeed, RoleSeed

__all__ = ["EmbeddedPlatform", "EventSeed", "PersonSeed", "PlatformSeed", "RoleSeed"]
