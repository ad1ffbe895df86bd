"""The files that a project file names, read: scripts and shared libraries."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from deputize.project.load import Project
from deputize.project.source import read_script

_Paths: TypeAlias = Mapping[tuple[str, str], Path]


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
        scripts, libraries = _files(project)
        return cls(project=project, scripts=_texts(scripts), libraries=_texts(libraries))

    @classmethod
    def present(cls, project: Project) -> "ProjectContent":
        """Read those files that are there: one script can be run while another is not written yet."""
        scripts, libraries = (
            {key: path for key, path in files.items() if path.is_file()} for files in _files(project)
        )
        return cls(project=project, scripts=_texts(scripts), libraries=_texts(libraries))


def _files(project: Project) -> tuple[_Paths, _Paths]:
    plans = project.file.plans.items()
    scripts = {
        (plan, name): project.root / integration.script
        for plan, section in plans
        for name, integration in section.integrations.items()
        if integration.script is not None
    }
    libraries = {
        (plan, name): project.root / file for plan, section in plans for name, file in section.shared.items()
    }
    return scripts, libraries


def _texts(files: _Paths) -> dict[tuple[str, str], str]:
    return {key: read_script(path, name="/".join(key)) for key, path in files.items()}
