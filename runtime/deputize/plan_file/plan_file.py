"""A plan as its file has it."""

from dataclasses import dataclass, field

from deputize.plan_file.records import (
    ConstantRecord,
    EndpointRecord,
    FormRecord,
    IntegrationRecord,
    LibraryRecord,
    PlanRecord,
)

#: Where each part stands in the zip.
PLAN_MEMBER = "engine.json"
PARTS_MEMBER = "integrations/integrations.json"
LIBRARIES_MEMBER = "integrations/sharedfunctions.json"
PROPERTIES_MEMBER = "properties/properties.json"
FORMS_FOLDER = "forms/"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFile:
    """What was read, or is to be written."""

    plan: PlanRecord
    forms: tuple[FormRecord, ...] = ()
    integrations: tuple[IntegrationRecord, ...] = field(default=(), repr=False)
    endpoints: tuple[EndpointRecord, ...] = ()
    constants: tuple[ConstantRecord, ...] = field(default=(), repr=False)
    libraries: tuple[LibraryRecord, ...] = field(default=(), repr=False)
    #: What of the zip means nothing here: members, and keys as ``engine.json#/theme``.
    ignored: tuple[str, ...] = ()
