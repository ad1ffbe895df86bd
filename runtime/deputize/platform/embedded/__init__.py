"""A real, small platform: people, plans, events, groups; a REST API, over the shared database."""

from deputize.platform.embedded.platform import EmbeddedPlatform
from deputize.platform.embedded.scripts import Draft, ScriptCheck

__all__ = ["Draft", "EmbeddedPlatform", "ScriptCheck"]
