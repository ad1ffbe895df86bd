"""Reads a plan file: understands what it knows, lists what it does not, and refuses what cannot be meant."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from deputize.errors import shown
from deputize.plan_file.archive import members_of
from deputize.plan_file.faults import PlanFault, PlanFileInvalid
from deputize.plan_file.plan_file import (
    FORMS_FOLDER,
    LIBRARIES_MEMBER,
    PARTS_MEMBER,
    PLAN_MEMBER,
    PROPERTIES_MEMBER,
    PlanFile,
)
from deputize.plan_file.records import FormRecord, LibraryRecord, PartsRecord, PlanRecord, Record

_R = TypeVar("_R", bound=Record)

_MOST_LIBRARIES: Final = 500
_MOST_FORMS: Final = 500
#: Keys and members that are listed when they mean nothing here.
_MOST_IGNORED: Final = 200
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_JSON: Final = ".json"
_NESTED: Final = ".zip"


def read_plan_file(data: bytes) -> PlanFile:
    """Return the plan in the zip *data*. Raises ``PlanFileInvalid``; nothing in it is executed."""
    members = members_of(data)
    if PLAN_MEMBER not in members:
        raise PlanFileInvalid(PlanFault(member=PLAN_MEMBER, detail=_missing(members)))
    reader = _Reader(members)
    forms = [each for each in members if each.startswith(FORMS_FOLDER) and each.endswith(_JSON)]
    if len(forms) > _MOST_FORMS:
        raise PlanFileInvalid(PlanFault(detail=f"The plan has more than {_MOST_FORMS} forms."))
    plan = reader.one(PlanRecord, PLAN_MEMBER)
    read_forms = [reader.one(FormRecord, each) for each in forms]
    parts = reader.one(PartsRecord, PARTS_MEMBER) if PARTS_MEMBER in members else PartsRecord()
    libraries = reader.each(LibraryRecord, LIBRARIES_MEMBER, most=_MOST_LIBRARIES)
    if reader.faults or plan is None or parts is None:
        raise PlanFileInvalid(*reader.faults)
    understood = {PLAN_MEMBER, PARTS_MEMBER, LIBRARIES_MEMBER, *forms}
    return PlanFile(
        plan=plan,
        forms=tuple(each for each in read_forms if each is not None),
        integrations=tuple(parts.integrations),
        endpoints=tuple(parts.endpoints),
        constants=tuple(parts.constants),
        libraries=tuple(libraries),
        ignored=reader.ignored(understood),
    )


class _Reader:
    """Reads members, and gathers what is wrong with them and what means nothing."""

    def __init__(self, members: Mapping[str, bytes]) -> None:
        self._members = members
        self._unknown: dict[str, None] = {}
        self.faults: list[PlanFault] = []

    def one(self, kind: type[_R], member: str) -> _R | None:
        """Return the record that *member* is; None after a fault was noted."""
        try:
            value = self._json(member)
        except _UnfitJsonError as error:
            self.faults.append(PlanFault(member=member, detail=str(error)))
            return None
        return self._record(kind, member, value, ())

    def each(self, kind: type[_R], member: str, *, most: int) -> list[_R]:
        """Return the records of the list that *member* is; none where it is not there."""
        if member not in self._members:
            return []
        try:
            values = self._json(member)
        except _UnfitJsonError as error:
            self.faults.append(PlanFault(member=member, detail=str(error)))
            return []
        if not isinstance(values, list) or len(values) > most:
            self.faults.append(
                PlanFault(member=member, detail=f"A list of at most {most} records is needed.")
            )
            return []
        read = [self._record(kind, member, value, (index,)) for index, value in enumerate(values)]
        return [each for each in read if each is not None]

    def ignored(self, understood: set[str]) -> tuple[str, ...]:
        """Return what means nothing here, in the order of the file."""
        members = [each for each in self._members if each not in understood and self._means_something(each)]
        every = [*members, *self._unknown]
        return tuple(shown(each) for each in every[:_MOST_IGNORED])

    def _means_something(self, member: str) -> bool:
        # Every file of the format has a list of properties; an empty one says nothing.
        return member != PROPERTIES_MEMBER or self._members[member].strip() != b"[]"

    def _record(self, kind: type[_R], member: str, value: Any, path: tuple[int, ...]) -> _R | None:
        try:
            record = kind.model_validate(value)
        except ValidationError as error:
            for each in error.errors(include_url=False, include_input=False, include_context=False):
                where = _pointer((*path, *each["loc"]))
                self.faults.append(PlanFault(member=member, pointer=where, detail=_sentence(each["msg"])))
            return None
        # Of a thousand forms each says the same: the folder is told, and not every file.
        folder = f"{FORMS_FOLDER}…" if member.startswith(FORMS_FOLDER) else member
        for key in _unknown(kind, value):
            self._unknown[f"{folder}#{key}"] = None
        return record

    def _json(self, member: str) -> Any:
        text = self._members[member].removeprefix(_BYTE_ORDER_MARK)
        try:
            value = from_json(text, allow_inf_nan=False)
        except ValueError:
            raise _UnfitJsonError("It is not one JSON value in UTF-8, or is nested too deeply.") from None
        left = [value]
        while left:
            each = left.pop()
            if isinstance(each, dict):
                left += each
                left += each.values()
            elif isinstance(each, list):
                left += each
            elif isinstance(each, str) and "\0" in each:
                raise _UnfitJsonError("A text holds a NUL, which cannot be kept. Leave it out.")
        return value


class _UnfitJsonError(Exception):
    """A member is no JSON that can be kept; the message is a sentence."""


def _missing(members: Mapping[str, bytes]) -> str:
    nested = [each for each in members if each.endswith(_NESTED)]
    if nested:
        return f'It is missing, and the zip holds "{shown(nested[0])}". Import what is in that one.'
    below = [each for each in members if each.endswith(f"/{PLAN_MEMBER}")]
    if below:
        return f'It is missing, and "{shown(below[0])}" is there. Zip what is in that folder, not the folder.'
    return "It is missing, so this is no export of a plan."


def _unknown(kind: type[BaseModel], value: Any, where: str = "") -> Iterator[str]:
    """Yield the place of each key of *value* that *kind* does not have, without the numbers of lists."""
    known = {field.alias or name: field.annotation for name, field in kind.model_fields.items()}
    for key, each in value.items():
        if key not in known:
            yield f"{where}/{_escaped(key)}"
        elif (inner := _record_in(known[key])) is not None and each is not None:
            for one in each if isinstance(each, list) else [each]:
                yield from _unknown(inner, one, f"{where}/{_escaped(key)}")


def _record_in(annotation: Any) -> type[BaseModel] | None:
    """Return the kind of record that a field holds, alone or in a list; None where it holds none."""
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return annotation if issubclass(annotation, BaseModel) else None
    found = [_record_in(each) for each in get_args(annotation)]
    return next((each for each in found if each is not None), None)


def _pointer(parts: Sequence[str | int]) -> str:
    return "".join(f"/{_escaped(str(each))}" for each in parts)


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def _sentence(message: str) -> str:
    return f"{message[:1].upper()}{message[1:]}."
