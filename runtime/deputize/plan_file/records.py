"""The records of a plan file: the keys that are understood, under the names that the format gives them.

What is this product's own stands under the key ``deputize`` of a record, where no other program looks.
"""

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, model_validator

from deputize.domain.integration import Language

#: Characters of a name.
LONGEST_NAME: Final = 200

Name = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME)]


class Record(BaseModel):
    """A JSON object of the file. A null stands for a key that is left out."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: each for key, each in value.items() if each is not None}
        return value


class OwnAccess(Record):
    """Who has access, or may send: everybody, or the holders of roles. A file names no people."""

    everybody: bool = False
    roles: list[Name] = Field(default_factory=list, max_length=1000)
    #: How many people had it besides.
    people: int = Field(default=0, ge=0)


class OwnPlan(Record):
    """What other programs have no word for, of a plan."""

    access: OwnAccess = OwnAccess()
    requests_per_minute: int | None = Field(default=None, gt=0, le=1_000_000)


class OwnForm(Record):
    """The same of a form."""

    senders: OwnAccess = OwnAccess()


class OwnScript(Record):
    """The same of a shared library, or of an integration with its limits and retries."""

    language: Language = "python"
    limits: dict[str, JsonValue] = Field(default_factory=dict)
    retries: dict[str, JsonValue] | None = Field(default=None, exclude_if=lambda value: value is None)


class PlanRecord(Record):
    """``engine.json``."""

    version: str = "1.7"
    name: Name
    description: str = ""
    active: bool = Field(default=True, alias="isActive")
    order: int = 0
    own: OwnPlan | None = Field(default=None, alias="deputize")


class ResponseRecord(Record):
    """What those who are told may answer."""

    text: Name = Field(alias="textResponse")
    order: int = 0


class FormRecord(Record):
    """``forms/…/….json``."""

    id: str | None = Field(default=None, alias="uuid", max_length=LONGEST_NAME)
    name: Name
    description: str = ""
    ui: bool = Field(default=False, alias="isActive")
    api: bool = Field(default=False, alias="isREST")
    mobile: bool = Field(default=False, alias="isMobileEnabled")
    email: bool = Field(default=False, alias="isEmailEnabled")
    order: int = 0
    responses: list[ResponseRecord] = Field(default_factory=list, max_length=200)
    own: OwnForm | None = Field(default=None, alias="deputize")


class IntegrationRecord(Record):
    """A record of ``integrations`` in ``integrations/integrations.json``."""

    id: str | None = Field(default=None, max_length=LONGEST_NAME)
    name: Name
    type: Literal["INBOUND_WEBHOOK", "OUTBOUND_WEBHOOK"]
    action: str = "RUN_SCRIPT"
    triggered_by: str | None = Field(default=None, alias="triggeredBy")
    deployed: bool = True
    #: The ``uuid`` of a form, or its name.
    form: str | None = None
    response_choice: JsonValue = Field(default=None, alias="responseChoice")
    script: str = ""
    environment: str = "HOSTED"
    #: None, as NONE: from before there were methods.
    auth_type: str | None = Field(default=None, alias="authType")
    created_by: str | None = Field(default=None, alias="createdBy")
    own: OwnScript | None = Field(default=None, alias="deputize")


class EndpointRecord(Record):
    """A record of ``endpoints`` in the same file."""

    name: Name
    base_url: str = Field(alias="baseUrl", default="")
    type: str = "EXTERNAL"
    authentication: str = "NO_AUTH"
    username: str | None = None
    #: As ``[endpoints.NAME]`` has it.
    own: dict[str, JsonValue] | None = Field(default=None, alias="deputize")


class ConstantRecord(Record):
    """A record of ``constants`` in the same file."""

    name: Name
    value: str = ""


class LibraryRecord(Record):
    """A record of ``integrations/sharedfunctions.json``."""

    name: Name
    script: str = ""
    own: OwnScript | None = Field(default=None, alias="deputize")


class PartsRecord(Record):
    """``integrations/integrations.json``."""

    integrations: list[IntegrationRecord] = Field(default_factory=list, max_length=500)
    endpoints: list[EndpointRecord] = Field(default_factory=list, max_length=500)
    constants: list[ConstantRecord] = Field(default_factory=list, max_length=5000)
