"""How the requests to one integration are signed."""

from collections.abc import Mapping
from typing import Any, Final, Literal, Self, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator, model_validator

from deputize.errors import did_you_mean

Preset: TypeAlias = Literal["standard-webhooks", "github", "slack", "stripe", "hmac"]
Algorithm: TypeAlias = Literal["sha256", "sha512"]
Encoding: TypeAlias = Literal["hex", "base64"]
#: What is signed where a header says when.
Content: TypeAlias = Literal[
    "{timestamp}.{body}", "{timestamp}:{body}", "{timestamp}{body}", "v0:{timestamp}:{body}"
]

TOLERANCE_SECONDS: Final = 300
LONGEST_TOLERANCE_SECONDS: Final = 3600

#: The presets by which a time is signed, whatever else is set.
_TIMED: Final = frozenset({"standard-webhooks", "slack", "stripe"})
#: What only ``hmac`` leaves open.
_OPEN: Final = ("header", "algorithm", "encoding", "prefix", "timestamp_header", "content")
_TOKEN: Final = r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$"  # noqa: S105 - a token of HTTP
#: Headers that mean something else here; a signature in one would be taken for that.
_TAKEN: Final = frozenset({"authorization", "proxy-authorization", "cookie"})
#: SHA-1, which some senders offer as well, is refused by name.
_OLD: Final = frozenset({"sha1", "sha-1", "md5"})


class SignatureScheme(BaseModel):
    """``signature = {…}``: the scheme of a provider, or one of one's own by ``hmac``."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)

    preset: Preset
    """Whose scheme it is; ``hmac`` is described by the rest."""
    header: str | None = Field(default=None, pattern=_TOKEN)
    """hmac: the header that carries the signature."""
    algorithm: Algorithm | None = None
    """hmac: the hash; sha256 when left out."""
    encoding: Encoding | None = None
    """hmac: how the signature is written; hex when left out."""
    prefix: str | None = Field(default=None, pattern=r"^[!-+\--~]{1,20}$")
    """hmac: what stands in front of the signature, such as ``sha256=``."""
    timestamp_header: str | None = Field(default=None, pattern=_TOKEN)
    """hmac: the header that says when it was signed, in seconds since 1970."""
    content: Content | None = None
    """hmac with a timestamp: what is signed; ``{timestamp}.{body}`` when left out."""
    tolerance_seconds: int | None = Field(default=None, ge=1, le=LONGEST_TOLERANCE_SECONDS)
    """Where a time is signed: how far it may be from the server's; 300 when left out."""

    @field_validator("preset", mode="before")
    @classmethod
    def _is_known(cls, value: object) -> object:
        known = get_args(Preset)
        if isinstance(value, str) and value not in known:
            raise ValueError(f"is no preset.{did_you_mean(value, known)} Presets: {', '.join(known)}")
        return value

    @field_validator("algorithm", mode="before")
    @classmethod
    def _is_not_broken(cls, value: object) -> object:
        if isinstance(value, str) and value.lower() in _OLD:
            raise ValueError(f"{value} can be forged and is not accepted; have the sender use sha256")
        return value

    @model_validator(mode="after")
    def _fits(self) -> Self:
        given = [name for name in _OPEN if getattr(self, name) is not None]
        if self.preset != "hmac" and given:
            raise ValueError(f'`{given[0]}` is settled by the preset "{self.preset}"; leave it out')
        if self.preset == "hmac" and self.header is None:
            raise ValueError("`header` is missing: name the header that carries the signature")
        if self.content is not None and self.timestamp_header is None:
            raise ValueError("`content` needs `timestamp_header`; without one the body alone is signed")
        if self.tolerance_seconds is not None and not self.signs_time:
            raise ValueError("`tolerance_seconds` means nothing here, as no time is signed; leave it out")
        headers = [each.lower() for each in (self.header, self.timestamp_header) if each is not None]
        if taken := _TAKEN.intersection(headers):
            raise ValueError(f"the header {min(taken)} carries credentials of its own; name another one")
        if len(set(headers)) < len(headers):
            raise ValueError("`header` and `timestamp_header` are the same; they are two headers")
        return self

    @classmethod
    def of(cls, kept: Mapping[str, JsonValue]) -> Self:
        """Return the scheme that an integration was kept with."""
        return cls.model_validate(kept)

    def kept(self) -> dict[str, Any]:
        """Return it as an integration is kept with it: what was said, and no more."""
        return self.model_dump(mode="json", exclude_none=True)

    @property
    def signs_time(self) -> bool:
        """Whether when it was signed is part of what is signed."""
        return self.preset in _TIMED or self.timestamp_header is not None

    @property
    def tolerance(self) -> int:
        """Seconds by which a signed time may be off."""
        return self.tolerance_seconds or TOLERANCE_SECONDS
