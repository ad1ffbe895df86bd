"""What every section of ``deputize.toml`` has in common: an unknown key is an error."""

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A table of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class SecretReference(Section):
    """The name of a secret; its value never stands in the file."""

    secret: str = Field(min_length=1)
