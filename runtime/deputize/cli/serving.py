"""What a process that serves a project, or works for it, begins with."""

from dataclasses import dataclass
from pathlib import Path

from deputize.cli.logs import log_to_stderr
from deputize.deployment import data_folder
from deputize.project import Project, find_project
from deputize.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """A project, where its data is, and what the settings say."""

    project: Project
    settings: Settings
    #: Of the database and the key.
    folder: Path

    @classmethod
    def begin(cls, project: Path | None, *, data: Path | None, concurrency: int | None) -> "Serving":
        """Read what there is, and log to stderr from now on; *concurrency* is before that of the settings.

        Raises ``ProjectNotFound``, ``ProjectInvalid`` and ``SettingsInvalid``.
        """
        loaded = Project.load(find_project(project or Path()))
        settings = Settings.read()
        if concurrency is not None:
            settings = settings.model_copy(update={"concurrency": concurrency})
        log_to_stderr(level=settings.log_level)
        return cls(
            project=loaded,
            settings=settings,
            folder=data_folder(settings, project_root=loaded.root, data=data),
        )
