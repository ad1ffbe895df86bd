"""The file of canned routes that stands in for an endpoint."""

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    field_validator,
    model_validator,
)

from deputize.errors import StandInInvalid, did_you_mean
from deputize.stand_ins.paths import match, placeholders

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
#: The server's own: they frame the answer.
_FRAMING = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"})
#: These answers have no body.
_BODILESS = frozenset({204, 205, 304})
#: Characters of a value that a message repeats.
_SHOWN = 60


class StandInRoute(BaseModel):
    """``[[routes]]``: one request that is expected and what it is answered."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, strict=True)

    method: str
    """GET answers HEAD too."""
    path: str
    """The whole path, the base URL's included; ``{name}`` stands for a part of one segment."""
    status: int = Field(default=200, ge=200, le=599)
    json_: JsonValue = Field(default=None, alias="json")
    """The body as JSON. ``{name}`` in its strings becomes what stood in the path."""
    text: str | None = None
    """The body as text, instead of JSON; ``{name}`` as there."""
    headers: dict[str, str] = Field(default_factory=dict)
    """Headers of the answer; ``{name}`` is percent-encoded in their values."""
    description: str | None = None
    """For whoever reads the file."""

    @field_validator("method")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if value.upper() not in METHODS:
            raise ValueError(
                f"is no method.{did_you_mean(value.upper(), METHODS)} Methods: {', '.join(METHODS)}"
            )
        return value.upper()

    @field_validator("path")
    @classmethod
    def _is_a_path(cls, value: str) -> str:
        placeholders(value)
        return value

    @field_validator("json_")
    @classmethod
    def _is_json(cls, value: JsonValue) -> JsonValue:
        try:
            json.dumps(value, allow_nan=False)
        except ValueError:
            raise ValueError("holds nan or inf, which JSON has not") from None
        return value

    @field_validator("headers")
    @classmethod
    def _can_be_sent(cls, value: dict[str, str]) -> dict[str, str]:
        for name, text in value.items():
            if _TOKEN.fullmatch(name) is None:
                raise ValueError(f'"{name}" is no name of a header')
            if name.lower() in _FRAMING:
                raise ValueError(f'"{name}" is set by the server; remove it')
            if not (text.isascii() and text.isprintable()):
                raise ValueError(f'the value of "{name}" must be printable ASCII')
        return value

    @model_validator(mode="after")
    def _has_one_body_at_most(self) -> Self:
        has_json = "json_" in self.model_fields_set
        if has_json and self.text is not None:
            raise ValueError("has both `json` and `text`; keep one")
        if self.status in _BODILESS and (has_json or self.text is not None):
            raise ValueError(f"an answer of status {self.status} has no body; remove `json` or `text`")
        return self

    @property
    def title(self) -> str:
        """The route as messages name it, "PUT /requests/{number}"."""
        return f"{self.method} {self.path}"

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """Return the placeholders' values when a request is this route's, else None."""
        if method != self.method and not (method == "HEAD" and self.method == "GET"):
            return None
        return match(self.path, path)


class StandInFile(BaseModel):
    """The whole of a file of canned routes."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    description: str | None = None
    routes: tuple[StandInRoute, ...] = ()
    """The first one that matches answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """Canned routes that have been read and can be served."""

    routes: tuple[StandInRoute, ...]

    @classmethod
    def load(cls, path: Path) -> "StandIn":
        """Read the file at *path*.

        Raises ``StandInInvalid`` naming file, route, key, value and the nearest spelling.
        """
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise StandInInvalid(
                f"{path}: no such file. Write its canned routes there, "
                "or correct `stand_in` in deputize.toml."
            ) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise StandInInvalid(f"{path}: cannot be read as TOML: {error}.") from None
        try:
            return cls(routes=StandInFile.model_validate(data).routes)
        except ValidationError as error:
            raise StandInInvalid(_explain(path, error)) from None

    def find(self, method: str, path: str) -> tuple[StandInRoute, dict[str, str]] | None:
        """Return the first route for a request, with its placeholders' values; None when none is."""
        for route in self.routes:
            values = route.match(method, path)
            if values is not None:
                return route, values
        return None


def _explain(path: Path, error: ValidationError) -> str:
    """Return one line per fault: file, route, key, what is wrong, which value."""
    lines = []
    for fault in error.errors(include_url=False):
        location = list(fault["loc"])
        where, known = "", sorted(StandInFile.model_fields)
        if len(location) > 1 and isinstance(location[1], int):
            where = f"route {location[1] + 1}: "
            known = sorted(field.alias or name for name, field in StandInRoute.model_fields.items())
            location = location[2:]
        key = ".".join(str(part) for part in location)
        at = f"{path}: {where}{key}: " if key else f"{path}: {where}"
        if fault["type"] == "extra_forbidden":
            hint = did_you_mean(str(location[-1]), known)
            lines.append(f"{at}unknown key.{hint} Known here: {', '.join(known)}.")
        elif fault["type"] == "missing":
            lines.append(f"{at}is missing. Add it.")
        else:
            what = fault["msg"].removeprefix("Value error, ").rstrip(".")
            value = f" (value: {_short(fault['input'])})" if key else ""
            lines.append(f"{at}{what}{value}.")
    return "\n".join(lines)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
