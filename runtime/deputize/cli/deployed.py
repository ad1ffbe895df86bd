"""The deployment that a command works on: its data, open for as long as the command runs."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from deputize.clock import now
from deputize.deployment import DATABASE_FILE, Deployment, data_folder, known_address, open_deployment
from deputize.errors import Misconfigured, ProjectNotFound
from deputize.project import find_project
from deputize.settings import Settings
from deputize.store import Database
from deputize.use_cases.actor import Actor

_T = TypeVar("_T")

#: Whoever can read the key file may do everything.
OPERATOR: Final = Actor.operator()


class DataNotFound(Misconfigured):
    """No server has kept anything where its data was looked for."""

    code = "DATA_NOT_FOUND"


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where the data is, as the command line says it."""

    data: Path | None
    project: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """A deployment that is open."""

    deployment: Deployment
    #: Where callers reach its server, as far as that is known.
    address: str | None

    @property
    def database(self) -> Database:
        """The database of the deployment."""
        return self.deployment.database


def with_deployment(where: Where, work: Callable[[Deployed], Awaitable[_T]]) -> _T:
    """Return what *work* makes of the deployment at *where*.

    Nothing is made here: raises ``DataNotFound`` where no server has started yet, and the errors of
    ``open_deployment``.
    """
    return asyncio.run(_opened(where, Settings.read(), work))


async def _opened(where: Where, settings: Settings, work: Callable[[Deployed], Awaitable[_T]]) -> _T:
    folder = _folder(where, settings)
    if settings.store is None and not (folder / DATABASE_FILE).is_file():
        raise DataNotFound(
            f"{folder}: no data of a server here. `deputize serve` makes it when it first starts; "
            "name another folder with --data DIR. Runs of `deputize run` are not kept."
        )
    address = settings.public_url or known_address(folder)
    async with open_deployment(settings, folder=folder, clock=now) as deployment:
        return await work(Deployed(deployment=deployment, address=address))


def _folder(where: Where, settings: Settings) -> Path:
    named = where.data or settings.data
    if named is not None:
        return named
    try:
        root = find_project(where.project or Path()).resolve().parent
    except ProjectNotFound as error:
        if settings.store is not None and settings.key is not None:
            # Database and key are elsewhere: a folder is not needed.
            return Path()
        raise ProjectNotFound(f"{error} Or name the folder of the data with --data DIR.") from None
    return data_folder(settings, project_root=root, data=None)
