"""Writes a plan file, of the same plan always with the same bytes."""

import json
import re
from typing import Final

from pydantic import JsonValue

from deputize.plan_file.archive import archive_of
from deputize.plan_file.plan_file import (
    FORMS_FOLDER,
    LIBRARIES_MEMBER,
    PARTS_MEMBER,
    PLAN_MEMBER,
    PROPERTIES_MEMBER,
    PlanFile,
)
from deputize.plan_file.records import FormRecord, Record

#: Characters of a form's name that its folder has.
_LONGEST_FOLDER: Final = 60


def write_plan_file(file: PlanFile) -> bytes:
    """Return *file* as a zip."""
    members: dict[str, JsonValue] = {PLAN_MEMBER: _plain(file.plan), PROPERTIES_MEMBER: []}
    for number, form in enumerate(file.forms, 1):
        members[f"{FORMS_FOLDER}{_folder(form)}/{number}.json"] = _plain(form)
    members[PARTS_MEMBER] = {
        "integrations": [_plain(each) for each in file.integrations],
        "endpoints": [_plain(each) for each in file.endpoints],
        "constants": [_plain(each) for each in file.constants],
    }
    members[LIBRARIES_MEMBER] = [_plain(each) for each in file.libraries]
    return archive_of({name: _json(value) for name, value in members.items()})


def _plain(record: Record) -> JsonValue:
    value: JsonValue = record.model_dump(mode="json", by_alias=True, exclude_none=True)
    return value


def _json(value: JsonValue) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _folder(form: FormRecord) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", form.name)[:_LONGEST_FOLDER] or "Form"
