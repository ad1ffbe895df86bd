"""Settings of the process; the only place that reads the environment."""

import os
import re
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from deputize.errors import Misconfigured
from deputize_client import MissingSecret, Secret

_SECRET_PREFIX = "DEPUTIZE_SECRET_"  # noqa: S105 - the name of a setting


class SettingsInvalid(Misconfigured):
    """A ``DEPUTIZE_…`` variable has a value that means nothing."""

    code = "SETTINGS_INVALID"


class Settings(BaseSettings):
    """What ``DEPUTIZE_…`` variables say."""

    model_config = SettingsConfigDict(env_prefix="DEPUTIZE_", extra="ignore", frozen=True)

    secrets_dir: Path | None = Field(default=None)
    """A folder with one file per secret, named as the secret is."""
    data: Path | None = None
    """The folder of the server's database and key. [default: .deputize beside deputize.toml]"""
    store: str | None = None
    """The address of the database: ``postgresql+psycopg://…``. [default: SQLite in the data folder]"""
    key: SecretStr | None = None
    """The master key in base64url, in place of the key file in the data folder."""
    public_url: str | None = None
    """The address that callers use, for the URLs that are shown to people. [default: host and port]"""
    host: str = "127.0.0.1"
    """The address that the server listens on."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses of proxies whose ``X-Forwarded-For`` and ``-Proto`` are believed."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """What the server logs to stderr."""
    concurrency: int = Field(default=10, gt=0, le=1000)
    """Runs that a process has under way at once."""
    plan_concurrency: int = Field(default=10, gt=0, le=1000)
    """Runs of one plan that are under way at once, in all processes."""
    worker_deaths: int = Field(default=5, gt=0, le=1000)
    """Workers that may die while they perform one run, before it is given up as POISONED."""
    drain_seconds: float = Field(default=20, ge=0)
    """Seconds that runs under way have to finish when the server stops."""
    metrics_token: SecretStr | None = Field(default=None, min_length=16)
    """What reads `/metrics`, as a bearer token. [default: there is no `/metrics`]"""
    allow_contained_jail: bool = False
    """Run scripts also where namespaces or Landlock are missing; shown in every run."""

    @classmethod
    def read(cls) -> Self:
        """Return what the environment says. Raises ``SettingsInvalid``, without values: one is a key."""
        try:
            return cls()
        except ValidationError as error:
            problems = error.errors(include_url=False, include_input=False, include_context=False)
            lines = [f"{_variable(str(each['loc'][0]))}: {each['msg'].lower()}." for each in problems]
            raise SettingsInvalid("\n".join(lines)) from None
        except SettingsError as error:
            name = re.search(r'field "(\w+)"', str(error))
            where = "a DEPUTIZE_… variable" if name is None else _variable(name[1])
            raise SettingsInvalid(f'{where}: a list is written as JSON: ["10.0.0.1"].') from None

    def secret(self, name: str) -> Secret | MissingSecret:
        """Return the secret *name* from ``DEPUTIZE_SECRET_<NAME>`` or the folder of secrets.

        A secret that is nowhere is a ``MissingSecret`` that names the setting: calls that need it
        are not sent.
        """
        variable = _SECRET_PREFIX + re.sub(r"[^A-Z0-9]", "_", name.upper())
        value = os.environ.get(variable)
        if value is None and self.secrets_dir is not None:
            value = self._from_folder(self.secrets_dir, name)
        return MissingSecret(name=name, setting=variable) if not value else Secret(name, value)

    @staticmethod
    def _from_folder(folder: Path, name: str) -> str | None:
        if re.fullmatch(r"[\w.-]+", name) is None or name in (".", ".."):
            return None
        path = folder / name
        return path.read_text(encoding="utf-8").rstrip("\r\n") if path.is_file() else None


def _variable(field: str) -> str:
    return f"DEPUTIZE_{field.upper()}"
