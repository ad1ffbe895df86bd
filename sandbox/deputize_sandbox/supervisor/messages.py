"""What a guest may say, and the strict reading of it."""

import base64
import json
import math
import re
from typing import Annotated, Any, Final, Literal, NoReturn, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    FailFast,
    Field,
    JsonValue,
    TypeAdapter,
    ValidationError,
)

from deputize_sandbox.errors import ProtocolViolation

_NAME_LENGTH: Final = 200
_TEXT_LENGTH: Final = 16 * 1024
_FRAMES: Final = 200
_DIAGNOSTICS: Final = 1000
_LINES: Final = 10_000_000
#: Two bytes can be a list, which takes 56 here. Brackets in texts count as well; they are rarer than that.
_BRACKETS: Final = 250_000
#: Faults of one frame beyond which none is described: a description costs the host thousands of times the
#: two bytes that the fault may take.
_FAULTS: Final = 1000

Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=_NAME_LENGTH)]
#: Texts that a script writes may be of any length; what is shown of them is not.
ShortText: TypeAlias = Annotated[str, AfterValidator(lambda text: shorten(text, _NAME_LENGTH))]
Text: TypeAlias = Annotated[str, AfterValidator(lambda text: shorten(text, _TEXT_LENGTH))]
Line: TypeAlias = Annotated[int, Field(ge=1, le=_LINES)]
Column: TypeAlias = Annotated[int, Field(ge=0, le=_LINES)]


def shorten(text: str, length: int) -> str:
    """Return *text*, cut to *length* characters with a mark when it is longer."""
    return text if len(text) <= length else text[: length - 1] + "…"


def _from_base64(text: object) -> bytes:
    if not isinstance(text, str):
        raise ValueError("no text")  # noqa: TRY004 - pydantic takes a ValueError for the sender's fault
    return base64.b64decode(text, validate=True)


def _not_too_many(libraries: object) -> object:
    # Before any is judged: pydantic checks a limit of its own afterwards, and describes every fault.
    if isinstance(libraries, dict) and len(libraries) > _DIAGNOSTICS:
        raise ValueError("too many")
    return libraries


Code: TypeAlias = Annotated[bytes, BeforeValidator(_from_base64)]


class Message(BaseModel):
    """A frame from a guest: its own keys and no others, no value turned into another kind."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class ParkedMessage(Message):
    """The jail stands, and the rehearsal is over; *cpu_seconds* were used for both."""

    kind: Literal["parked"]
    cpu_seconds: float = Field(ge=0)


class UnconfinedMessage(Message):
    """A layer of the jail failed."""

    kind: Literal["unconfined"]
    layer: Name
    detail: Text


class Finding(BaseModel):
    """What one attempt of the self-test gave."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    layer: Name
    attempt: Name
    held: bool
    detail: Text


class Examined(Message):
    """What the attempts of the self-test gave."""

    kind: Literal["examined"]
    findings: Annotated[tuple[Finding, ...], FailFast()] = Field(max_length=_FRAMES, strict=False)


class CallMessage(Message):
    """A call that waits for its answer."""

    kind: Literal["call"]
    id: int = Field(ge=1)
    capability: Name
    method: Name
    arguments: dict[str, JsonValue]
    line: Line | None


class TellMessage(Message):
    """A call that wants no answer."""

    kind: Literal["tell"]
    capability: Name
    method: Name
    arguments: dict[str, JsonValue]
    line: Line | None


class ReturnedMessage(Message):
    """``main`` returned."""

    kind: Literal["returned"]
    value: JsonValue


class TracebackLine(Message):
    """One line of a traceback."""

    line: Line
    function: ShortText
    column: Column | None = None
    end_column: Column | None = None
    #: Set where it is a line of a shared library.
    file: ShortText | None = None


class FaultedMessage(Message):
    """The script raised."""

    kind: Literal["faulted"]
    type: ShortText
    message: Text
    traceback: Annotated[tuple[TracebackLine, ...], FailFast()] = Field(max_length=_FRAMES, strict=False)


class OutOfMemory(Message):
    """The script took all memory that it may."""

    kind: Literal["out_of_memory"]


class ParameterMessage(Message):
    """A parameter of ``main``."""

    name: Name
    line: Line
    column: Column
    required: bool


class EndpointMessage(Message):
    """A literal ``endpoint="…"``."""

    name: Text
    line: Line
    column: Column


class CompiledMessage(Message):
    """The script is compiled."""

    kind: Literal["compiled"]
    code: Code
    parameters: Annotated[tuple[ParameterMessage, ...], FailFast()] = Field(
        max_length=_DIAGNOSTICS, strict=False
    )
    endpoints: Annotated[tuple[EndpointMessage, ...], FailFast()] = Field(
        max_length=_DIAGNOSTICS, strict=False
    )
    shared: Annotated[dict[Name, Code], BeforeValidator(_not_too_many)] = Field(default_factory=dict)


class DiagnosticMessage(Message):
    """Something wrong with the script."""

    code: str = Field(pattern=r"^[A-Z][A-Z0-9_]{2,63}$")
    message: Text
    line: Line
    column: Column
    severity: Literal["error", "warning"] = "error"
    #: Set where it is in a shared library.
    file: ShortText | None = None


class RejectedMessage(Message):
    """The script is not compiled."""

    kind: Literal["rejected"]
    diagnostics: Annotated[tuple[DiagnosticMessage, ...], FailFast()] = Field(
        min_length=1, max_length=_DIAGNOSTICS, strict=False
    )


AnyMessage: TypeAlias = (
    ParkedMessage
    | UnconfinedMessage
    | Examined
    | CallMessage
    | TellMessage
    | ReturnedMessage
    | FaultedMessage
    | OutOfMemory
    | CompiledMessage
    | RejectedMessage
)
_ADAPTER: Final[TypeAdapter[AnyMessage]] = TypeAdapter(Annotated[AnyMessage, Field(discriminator="kind")])

# The parser reads NaN, and numbers beyond a float as infinity. What might hold one is read again, slowly.
# Digits are counted from the first of a run only: a text of runs that are just too short would take seconds.
_SUSPECT: Final = re.compile(rb"[eE]\+?\d{3}|(?<!\d)\d{309}")


def read(frame: bytes) -> AnyMessage:
    """Return the message that *frame* is. Raises ProtocolViolation, whose text holds nothing of the guest's.

    Refused: what is no JSON, a lone surrogate, NaN and infinity, nesting beyond some 200 levels, integers
    beyond some 4,300 digits, another type than stated, a missing or an unknown key.
    """
    if frame.count(b"[") + frame.count(b"{") > _BRACKETS:
        raise ProtocolViolation(f"a frame of more than {_BRACKETS} lists and objects")
    try:
        message = _ADAPTER.validate_json(frame)
        if b"NaN" in frame or b"Infinity" in frame or _SUSPECT.search(frame):
            json.loads(frame, parse_constant=_refuse_constant, parse_float=_refuse_infinity)
    except ValidationError as error:
        raise ProtocolViolation(_first_problem(error)) from None
    except (ValueError, RecursionError) as error:
        raise ProtocolViolation(f"no JSON: {error}") from None
    return message


def _first_problem(error: ValidationError) -> str:
    if error.error_count() > _FAULTS:
        return f"a frame with more than {_FAULTS} faults"
    problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
    kind = problem["type"]
    if kind == "json_invalid":
        return "a frame that is no JSON"
    # The first part of a place is a known kind, the second one of its fields, or a key of the guest's.
    place: tuple[Any, ...] = problem["loc"]
    if len(place) < _KIND_AND_FIELD:
        return "a frame of no known kind"
    field = "a key" if kind == "extra_forbidden" else repr(place[1])
    return f"a frame {place[0]!r} in which {field} is wrong: {_PROBLEMS.get(kind, kind)}"


_KIND_AND_FIELD: Final = 2
_PROBLEMS: Final = {"extra_forbidden": "it is unknown", "missing": "it is missing"}


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _refuse_infinity(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is beyond the range of a float")
    return number
