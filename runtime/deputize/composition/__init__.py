"""Which implementation stands behind each interface: the only room that picks."""

from deputize.composition.house import House, open_platform, open_project

__all__ = ["House", "open_platform", "open_project"]
