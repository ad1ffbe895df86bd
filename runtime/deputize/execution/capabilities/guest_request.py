"""A request as a guest describes it, and the references to secrets in it."""

from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from deputize_client import (
    Body,
    FormBody,
    JsonBody,
    JsonTemplate,
    OutboundRequest,
    SecretReference,
    Text,
    TextBody,
)

_SECRET = "$secret"  # noqa: S105 - the key that marks a reference


class GuestSecret(BaseModel):
    """``{"$secret": "X"}`` in the place of a text, with the texts before and after it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(alias=_SECRET, max_length=512)
    before: str = ""
    after: str = ""

    def reference(self) -> SecretReference:
        """Return what it stands for."""
        return SecretReference(self.name, self.before, self.after)


GuestText: TypeAlias = Annotated[str | GuestSecret, Field(union_mode="left_to_right")]
#: A pair comes as a list: JSON has no tuples.
GuestPair: TypeAlias = Annotated[tuple[str, GuestText], Field(strict=False)]


class GuestRequest(BaseModel):
    """One request as a guest describes it; a user, credential or identity has no place in it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    method: str = Field(max_length=32)
    path: str = Field(max_length=64 * 1024)
    endpoint: str = Field(max_length=512)
    params: list[GuestPair] = Field(default_factory=list, max_length=1000)
    headers: list[GuestPair] = Field(default_factory=list, max_length=256)
    # None is a body too (`null`), so a body is there when its key is: see `outbound()`.
    json_: JsonValue = Field(default=None, alias="json")
    data: list[GuestPair] | None = None
    content: GuestText | None = None
    timeout: float | None = Field(default=None, gt=0, allow_inf_nan=False)

    def outbound(self) -> OutboundRequest:
        """Return the request for the client. Raises ``ValueError`` for one that is nested too deeply."""
        content, content_type = self._body()
        return OutboundRequest(
            method=self.method,
            path=self.path,
            endpoint=self.endpoint,
            params=_pairs(self.params),
            headers=_pairs(self.headers),
            content=content,
            content_type=content_type,
            timeout=self.timeout,
        )

    def _body(self) -> tuple[Body | None, str | None]:
        """Return the body and its content type, both None when there is no body."""
        if "json_" in self.model_fields_set:
            return JsonBody(template(self.json_)), "application/json"
        if self.data is not None:
            return FormBody(_pairs(self.data)), "application/x-www-form-urlencoded"
        return None if self.content is None else TextBody(_text(self.content)), None


def template(value: JsonValue) -> JsonTemplate:
    """Return *value* with references in the places of ``{"$secret": "X"}``.

    An object that only resembles one is an object. Raises ``ValueError`` for endless nesting.
    """
    try:
        return _template(value)
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None


def _template(value: JsonValue) -> JsonTemplate:
    match value:
        case dict():
            return _reference(value) or {name: _template(each) for name, each in value.items()}
        case list():
            return [_template(each) for each in value]
        case _:
            return value


def _reference(value: dict[str, JsonValue]) -> SecretReference | None:
    if _SECRET not in value:
        return None
    try:
        return GuestSecret.model_validate(value).reference()
    except ValidationError:
        return None


def _pairs(pairs: list[tuple[str, str | GuestSecret]]) -> tuple[tuple[str, Text], ...]:
    return tuple((name, _text(value)) for name, value in pairs)


def _text(text: str | GuestSecret) -> Text:
    return text if isinstance(text, str) else text.reference()
