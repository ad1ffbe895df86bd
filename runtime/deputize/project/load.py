"""Finding and reading a project."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from deputize.errors import ProjectInvalid, ProjectNotFound, UnknownIntegration, did_you_mean
from deputize.project.names import names_for_nothing
from deputize.project.sections.file import ProjectFile
from deputize.project.sections.plans import IntegrationSection

PROJECT_FILE = "deputize.toml"
_PYPROJECT = "pyproject.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """An integration with its name and the plan that it belongs to."""

    name: str
    plan: str
    section: IntegrationSection


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project file that has been read and whose names fit together."""

    #: The folder; scripts, samples and stand-ins are named relative to it.
    root: Path
    #: The file that was read.
    path: Path
    file: ProjectFile

    @classmethod
    def load(cls, path: Path) -> "Project":
        """Read *path*, a ``deputize.toml`` or a ``pyproject.toml`` with ``[tool.deputize]``.

        Raises ``ProjectNotFound`` or ``ProjectInvalid``, naming file, key and nearest spelling.
        """
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise ProjectNotFound(
                f"{path}: no such file. Make a project with `deputize init NAME`, or name one with --project."
            ) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise ProjectInvalid(f"{path}: cannot be read as TOML: {error}.") from None
        if path.name == _PYPROJECT:
            data = data.get("tool", {}).get("deputize", {})
        try:
            file = ProjectFile.model_validate(data)
        except ValidationError as error:
            raise ProjectInvalid(_explain(path, error)) from None
        problems = list(names_for_nothing(file))
        if problems:
            raise ProjectInvalid("\n".join(f"{path}: {problem}" for problem in problems))
        return cls(root=path.resolve().parent, path=path, file=file)

    def integrations(self) -> Iterator[Integration]:
        """Yield every integration of every plan."""
        for plan, section in self.file.plans.items():
            for name, integration in section.integrations.items():
                yield Integration(name=name, plan=plan, section=integration)

    def integration(self, name: str) -> Integration | None:
        """Return the integration *name*, or ``PLAN/NAME``; None when there is none.

        Raises ``UnknownIntegration`` when several plans have one of that name.
        """
        found = [each for each in self.integrations() if name in (each.name, f"{each.plan}/{each.name}")]
        if len(found) > 1:
            choices = ", ".join(f"{each.plan}/{each.name}" for each in found)
            raise UnknownIntegration(
                f'{self.path}: more than one integration is named "{name}". Name it with its plan: {choices}.'
            )
        return found[0] if found else None


def find_project(start: Path) -> Path:
    """Return the nearest project file at *start* or in a folder above it.

    *start* may also be the file itself. Raises ``ProjectNotFound``.
    """
    if start.is_file():
        return start
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / PROJECT_FILE).is_file():
            return folder / PROJECT_FILE
        pyproject = folder / _PYPROJECT
        if pyproject.is_file() and "[tool.deputize" in pyproject.read_text(
            encoding="utf-8", errors="replace"
        ):
            return pyproject
    raise ProjectNotFound(
        f"{start.resolve()}: no {PROJECT_FILE} here or in a folder above. "
        "Make a project with `deputize init NAME`, or name one with --project DIR."
    )


def _explain(path: Path, error: ValidationError) -> str:
    """Return one line per problem: file, key, what is wrong, and the nearest spelling."""
    lines = []
    for problem in error.errors(include_url=False, include_input=True):
        location = [str(part) for part in problem["loc"]]
        key = ".".join(_quote(part) for part in location)
        if problem["type"] == "extra_forbidden":
            hint = did_you_mean(location[-1], _keys_at(location[:-1]))
            known = ", ".join(sorted(_keys_at(location[:-1])))
            lines.append(f"{path}: {key}: unknown key.{hint} Known here: {known or 'no keys'}.")
        else:
            what = problem["msg"].removeprefix("Value error, ")
            value = "" if problem["type"] == "missing" else f" (value: {_short(problem['input'])})"
            lines.append(f"{path}: {key}: {what}{value}.")
    return "\n".join(lines)


def _quote(part: str) -> str:
    return part if part.replace("_", "").replace("-", "").isalnum() else f'"{part}"'


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"  # noqa: PLR2004 - what fits on a line


def _keys_at(location: list[str]) -> list[str]:
    """Return the keys that may stand at *location*, found by walking the models."""
    models: list[type[BaseModel]] = [ProjectFile]
    for part in location:
        found: list[type[BaseModel]] = []
        for model in models:
            field = model.model_fields.get(part)
            if field is not None:
                found += _models_in(field.annotation)
        # A name such as `EasyVista` or a union's tag chooses nothing: stay with the same models.
        models = found or models
    return sorted({name for model in models for name in model.model_fields})


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in _models_in(argument)]
