"""The payloads in a project's ``samples/``."""

import json
from collections.abc import Mapping
from typing import Final

from pydantic import JsonValue

from deputize.errors import PayloadInvalid, did_you_mean
from deputize.project import Project

FOLDER: Final = "samples"
_SUFFIX: Final = ".json"


def read_sample(project: Project, name: str) -> JsonValue:
    """Return the payload *name*, with or without ``.json``. Raises ``PayloadInvalid``, naming the nearest."""
    folder = project.root / FOLDER
    path = folder / (name if name.endswith(_SUFFIX) else f"{name}{_SUFFIX}")
    try:
        value: JsonValue = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        known = sorted(each.stem for each in folder.glob(f"*{_SUFFIX}"))
        raise PayloadInvalid(
            f"{path}: no such sample.{did_you_mean(name, known)} Samples: {', '.join(known) or 'none'}."
        ) from None
    except ValueError as error:
        raise PayloadInvalid(f"{path}: not JSON in UTF-8: {error}.") from None
    return value


def changed_sample(project: Project, name: str, changes: Mapping[str, JsonValue]) -> JsonValue:
    """Return the payload *name* with some fields changed. Raises ``PayloadInvalid`` where it has none."""
    sample = read_sample(project, name)
    if changes and not isinstance(sample, dict):
        raise PayloadInvalid(f'the sample "{name}" is no object, so it has no fields to change.')
    return {**sample, **changes} if isinstance(sample, dict) else sample
