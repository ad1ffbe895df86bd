"""Reads the file of a bundle: as data only, within bounds, and whole, down to what a replay takes from it."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from deputize.activity.journal import JournalExchange
from deputize.bundle import har
from deputize.bundle.endpoints import recorded_endpoints
from deputize.bundle.errors import BundleInvalid
from deputize.bundle.file import SCHEMA, Bundle
from deputize.domain.limits import Limits
from deputize.domain.start import TRIGGERS, Start, by_request
from deputize.execution.recorder import PLATFORM
from deputize_client import TransportCause

#: Bytes of a file; a run's answers are bounded, and few runs come near it.
_LARGEST: Final = 256 * 1024 * 1024
#: The last second of the last year that a date can have.
_LAST_MOMENT: Final = 253_402_300_799


class _Request(BaseModel):
    """What a script is given that a request has set off."""

    model_config = ConfigDict(strict=True)

    headers: dict[str, str]
    parameters: dict[str, str]
    body: str
    request_id: str
    remote_address: str | None


class _Callback(BaseModel):
    """What a script is given that an event has set off."""

    model_config = ConfigDict(strict=True)

    kind: str
    raw: dict[str, Any]


class _Form(BaseModel):
    """The form that a script could post."""

    model_config = ConfigDict(extra="forbid")

    plan_id: str
    form_id: str
    name: str


def read_bundle(path: Path) -> Bundle:
    """Return the bundle in *path*. Raises ``BundleInvalid``, naming file, place and what is wrong."""
    try:
        if not path.is_file() and path.exists():
            raise BundleInvalid(f"{path}: is no file.")
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise BundleInvalid(f"{path}: cannot be read: {error.strerror or error}.") from None
    if len(content) > _LARGEST:
        raise BundleInvalid(f"{path}: larger than {_LARGEST} bytes, the most that is read.")
    return parse_bundle(content, where=str(path))


def parse_bundle(content: bytes, *, where: str) -> Bundle:
    """Return the bundle that *content* writes; *where* it came from. Raises ``BundleInvalid``."""
    try:
        bundle = Bundle.model_validate_json(content)
    except ValidationError as error:
        raise _invalid(where, "", error) from None
    _require_calls(bundle, where)
    _require_exchanges(bundle, where)
    _require_start(bundle.start, where)
    for what, model, value in (("limits", Limits, bundle.head.limits), ("form", _Form, bundle.head.form)):
        if value is not None:
            _require(model, value, where, f"/head/{what}")
    try:
        known = recorded_endpoints(bundle)
    except ValidationError as error:
        raise _invalid(where, "/head/endpoints", error) from None
    except ValueError as error:
        raise BundleInvalid(f"{where}: no bundle of schema {SCHEMA}: /head/endpoints: {error}.") from None
    if PLATFORM not in known:
        raise BundleInvalid(f"{where}: no bundle of schema {SCHEMA}: /head/endpoints: {PLATFORM} is missing.")
    return bundle


def _require_calls(bundle: Bundle, where: str) -> None:
    number = len(bundle.har.log.entries)
    for call in bundle.calls:
        if any(not 0 <= each < number for each in call.exchanges):
            raise BundleInvalid(f"{where}: call {call.number} names an exchange that the HAR does not have.")


def _require_exchanges(bundle: Bundle, where: str) -> None:
    for number, entry in enumerate(bundle.har.log.entries):
        try:
            exchange = har.exchange_of(entry)
        except BundleInvalid as error:
            raise BundleInvalid(f"{where}: /har/log/entries/{number}: {error}") from None
        wrong = _wrong(exchange)
        if wrong is not None:
            raise BundleInvalid(f"{where}: /har/log/entries/{number}: {wrong}.")


def _wrong(exchange: JournalExchange) -> str | None:
    if not (0 <= exchange.started <= _LAST_MOMENT and math.isfinite(exchange.elapsed_ms)):
        return "it began or took what no clock shows"
    if exchange.failure is not None and exchange.failure.cause not in get_args(TransportCause):
        return f"{exchange.failure.cause!r} is no cause of a failure"
    if exchange.response is not None and not 100 <= exchange.response.status_code <= 999:  # noqa: PLR2004 - three digits
        return f"{exchange.response.status_code} is no status"
    return None


def _require_start(start: Start, where: str) -> None:
    if start.trigger not in TRIGGERS:
        raise BundleInvalid(f"{where}: /start/trigger: {start.trigger!r} sets nothing off.")
    model = _Request if by_request(start.trigger) else _Callback
    _require(model, start.provided, where, "/start/provided")


def _require(model: type[BaseModel], value: Mapping[str, Any], where: str, place: str) -> None:
    try:
        model.model_validate(value)
    except ValidationError as error:
        raise _invalid(where, place, error) from None


def _invalid(where: str, place: str, error: ValidationError) -> BundleInvalid:
    problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
    inner = "/".join(str(part) for part in problem["loc"])
    place = "/".join(filter(None, (place, inner))) if place else f"/{inner}" if inner else ""
    return BundleInvalid(
        f"{where}: no bundle of schema {SCHEMA}: {f'{place}: ' if place else ''}{problem['msg']}."
    )
