"""The files that a project file names, read: scripts and shared libraries."""

from collections.abc import Mapping
from dataclasses import dataclass

from deputize.project.load import Project
from deputize.project.source import read_script


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectContent:
    """A project with the texts of its scripts."""

    project: Project
    #: By plan and integration; one that has no script of its own is not here.
    scripts: Mapping[tuple[str, str], str]
    #: By plan and library.
    libraries: Mapping[tuple[str, str], str]

    @classmethod
    def read(cls, project: Project) -> "ProjectContent":
        """Read every file that *project* names. Raises ``UnknownIntegration`` for one that is not there."""
        scripts: dict[tuple[str, str], str] = {}
        libraries: dict[tuple[str, str], str] = {}
        for plan, section in project.file.plans.items():
            for name, integration in section.integrations.items():
                if integration.script is not None:
                    path = project.root / integration.script
                    scripts[plan, name] = read_script(path, name=f"{plan}/{name}")
            for name, file in section.shared.items():
                libraries[plan, name] = read_script(project.root / file, name=f"{plan}/{name}")
        return cls(project=project, scripts=scripts, libraries=libraries)
