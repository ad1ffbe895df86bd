"""Texts as bodies may have them."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic.alias_generators import to_camel

#: No slash, which a path could not name, and no control character.
Name = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^/\x00-\x1f\x7f]+$")]
#: One line, or none.
Line = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
#: An id or a name, of whatever is looked up by it.
Key = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class Body(BaseModel):
    """A body, or a part of one: an object with keys in camel case.

    Keys that are not known are ignored, as bodies are often answers that have been edited.
    """

    model_config = ConfigDict(extra="ignore", strict=True, alias_generator=to_camel)


class Reference(Body):
    """Something in a body that is known by its id or its name, as answers have both."""

    id: Key | None = None
    target_name: Key | None = None
    name: Key | None = None

    @property
    def key(self) -> str:
        """What to look it up by; empty where nothing was said."""
        return self.id or self.target_name or self.name or ""


def key_of(given: "str | Reference") -> str:
    """Return what to look up that was given by its key alone, or as an object."""
    return given if isinstance(given, str) else given.key
