"""Which implementation stands behind each interface: the only room that picks."""

from deputize.composition.house import House, Times, open_platform, open_project

__all__ = ["House", "Times", "open_platform", "open_project"]
