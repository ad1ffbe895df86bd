"""Finding a script by an integration's name or by a path."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deputize.domain.start import INBOUND
from deputize.errors import UnknownIntegration, did_you_mean
from deputize.project.load import Integration, Project


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptSource:
    """A script before it is compiled: where it stands and what belongs to it."""

    name: str
    path: Path
    #: The path as messages name it: relative to the project where there is one.
    shown_path: str
    #: ``inbound`` or the kind of callback that starts it.
    kind: str
    constants: Mapping[str, str]

    @property
    def text(self) -> str:
        """The script's text. Raises ``UnknownIntegration`` naming the file when it cannot be read."""
        try:
            return self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise UnknownIntegration(
                f'{self.path}: the script of "{self.name}" is not there. '
                "Write it, or correct `script` in deputize.toml."
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise UnknownIntegration(f"{self.path}: cannot be read as UTF-8 text: {error}.") from None


def find_script(script: str, *, project: Project | None, constants: Mapping[str, str]) -> ScriptSource:
    """Return the script that *script* names: an integration (or ``PLAN/NAME``), or a path.

    A path is looked for in the working directory, then in the project; the path of an integration's
    script stands for that integration. *constants* go to a script that belongs to no plan. Raises
    ``UnknownIntegration`` with the nearest name.
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
        raise UnknownIntegration(
            f'"{script}" is neither an integration nor the path of a script.'
            f"{did_you_mean(script, names)}{listed}"
        )
    for each in integrations:
        if project is not None and (project.root / each.section.script).resolve() == path.resolve():
            return _of_integration(project, each)
    return ScriptSource(name=path.stem, path=path, shown_path=script, kind=INBOUND, constants=constants)


def _of_integration(project: Project, integration: Integration) -> ScriptSource:
    return ScriptSource(
        name=integration.name,
        path=project.root / integration.section.script,
        shown_path=integration.section.script,
        kind=integration.section.on or INBOUND,
        constants=project.file.plans[integration.plan].constants,
    )


def _existing(script: str, roots: tuple[Path, ...]) -> Path | None:
    return next((root / script for root in roots if (root / script).is_file()), None)
