"""A project: a folder with ``deputize.toml``, scripts, samples and stand-ins."""

from deputize.project.load import Project, find_project
from deputize.project.sections.file import ProjectFile

__all__ = ["Project", "ProjectFile", "find_project"]
