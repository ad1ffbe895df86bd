"""Settings of the process; the only place that reads the environment."""

import os
import re
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from deputize_client import MissingSecret, Secret

_SECRET_PREFIX = "DEPUTIZE_SECRET_"  # noqa: S105 - the name of a setting


class Settings(BaseSettings):
    """What ``DEPUTIZE_…`` variables say."""

    model_config = SettingsConfigDict(env_prefix="DEPUTIZE_", extra="ignore", frozen=True)

    secrets_dir: Path | None = Field(default=None)
    """A folder with one file per secret, named as the secret is."""

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
