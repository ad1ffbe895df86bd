"""Finding a script by an integration's name or by a path."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import JsonValue

from deputize.domain.start import INBOUND
from deputize.errors import UnknownIntegration, did_you_mean
from deputize.project import ids
from deputize.project.load import Integration, Project

#: Folders and files of a project that hold other things.
_NO_SCRIPTS: Final = frozenset({"tests", "typings", "conftest.py"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptSource:
    """A script before it is compiled: where it stands and what belongs to it."""

    name: str
    #: None where the product's own script runs (CREATE_EVENT_SIMPLE).
    path: Path | None
    #: The path as messages name it: relative to the project where there is one.
    shown_path: str
    #: ``inbound`` or the kind of callback that starts it.
    kind: str
    #: The integration that it belongs to; None for a path that belongs to none.
    integration: Integration | None

    @property
    def plan(self) -> str | None:
        """The name of its integration's plan."""
        return None if self.integration is None else self.integration.plan

    @property
    def integration_id(self) -> str | None:
        """The id of its integration."""
        return (
            None
            if self.integration is None
            else ids.integration_id(self.integration.plan, self.integration.name)
        )

    @property
    def limits(self) -> dict[str, JsonValue]:
        """The limits that its integration has of its own."""
        return (
            {} if self.integration is None else self.integration.section.limits.model_dump(exclude_unset=True)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LibrarySource:
    """A shared library of a plan."""

    name: str
    plan: str
    path: Path


def libraries(project: Project | None) -> Iterator[LibrarySource]:
    """Yield every shared library of every plan."""
    if project is None:
        return
    for plan, section in project.file.plans.items():
        for name, file in section.shared.items():
            yield LibrarySource(name=name, plan=plan, path=project.root / file)


def find_library(path: str, *, project: Project | None) -> LibrarySource | None:
    """Return the shared library whose file is at *path*, as for ``find_script``; None when it is none."""
    roots = (Path(), project.root) if project else (Path(),)
    file = _existing(path, roots)
    if file is None:
        return None
    return next((each for each in libraries(project) if each.path.resolve() == file.resolve()), None)


def scripts_in(folder: Path) -> list[Path]:
    """Return the scripts and libraries in *folder* and those below it; tests and what is hidden are none."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        below = path.relative_to(folder).parts
        hidden = any(part.startswith((".", "__")) or part in _NO_SCRIPTS for part in below)
        if not hidden and not path.name.startswith("test_"):
            found.append(path)
    return found


def read_script(path: Path, *, name: str) -> str:
    """Return the text of the script *name*. Raises ``UnknownIntegration`` when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UnknownIntegration(
            f'{path}: the script of "{name}" is not there. Write it, or correct `script` in deputize.toml.'
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise UnknownIntegration(f"{path}: cannot be read as UTF-8 text: {error}.") from None


def find_script(script: str, *, project: Project | None) -> ScriptSource:
    """Return the script that *script* names: an integration (or ``PLAN/NAME``), or a path.

    A path is looked for in the working directory, then in the project; the path of an integration's
    script stands for that integration. Raises ``UnknownIntegration`` with the nearest name.
    """
    if project is None:
        path = _existing(script, (Path(),))
        integrations: list[Integration] = []
    else:
        integration = project.integration(script)
        if integration is not None:
            return _of_integration(project, integration)
        path = _existing(script, (Path(), project.root))
        integrations = list(project.integrations())
    if path is None:
        names = [each.name for each in integrations]
        listed = f" Integrations: {', '.join(names)}." if names else ""
        # Who has just written scripts/new.py runs "new", which no integration is called yet.
        unbound = [each for each in scripts_without_integration(project) if Path(each).stem == script]
        meant = f' Did you mean "{unbound[0]}"?' if unbound else did_you_mean(script, names)
        raise UnknownIntegration(
            f'"{script}" is neither an integration nor the path of a script.{meant}{listed}'
        )
    for each in integrations:
        its_own = each.section.script
        if project is not None and its_own and (project.root / its_own).resolve() == path.resolve():
            return _of_integration(project, each)
    return ScriptSource(name=path.stem, path=path, shown_path=script, kind=INBOUND, integration=None)


def scripts_without_integration(project: Project | None) -> list[str]:
    """Return the files beside the integrations' scripts that no integration runs, relative to the project."""
    if project is None:
        return []
    root = project.root.resolve()
    named = {
        (root / file).resolve()
        for plan in project.file.plans.values()
        for file in (*(each.script for each in plan.integrations.values()), *plan.shared.values())
        if file
    }
    folders = {path.parent for path in named if path.is_relative_to(root)}
    beside = {path for folder in folders for path in folder.glob("*.py")}
    return sorted(str(path.relative_to(root)) for path in beside if path.resolve() not in named)


def _of_integration(project: Project, integration: Integration) -> ScriptSource:
    return ScriptSource(
        name=integration.name,
        path=project.root / integration.section.script if integration.section.script else None,
        shown_path=integration.section.script or integration.name,
        kind=integration.section.on or INBOUND,
        integration=integration,
    )


def _existing(script: str, roots: tuple[Path, ...]) -> Path | None:
    return next((root / script for root in roots if (root / script).is_file()), None)
