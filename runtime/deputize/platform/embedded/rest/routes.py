"""Every path of the REST API, of both generations, and what answers it."""

from collections.abc import Mapping
from typing import Final

from deputize.platform.embedded.rest import (
    annotations,
    audits,
    devices,
    event_records,
    events,
    forms,
    groups,
    integrations,
    legacy,
    libraries,
    logs,
    members,
    memberships,
    on_call,
    people,
    plans,
    recipients,
    roles,
    shifts,
    sites,
    triggers,
)
from deputize.platform.embedded.rest.call import Handler
from deputize.platform.embedded.rest.shapes.references import API

#: What the paths of the older generation begin with.
LEGACY: Final = "/reapi/"

_PRESENT: Final[Mapping[str, Mapping[str, Handler]]] = {
    "/people": {"GET": people.list_people, "POST": people.write_person},
    "/people/{key}": {"GET": people.read_person, "DELETE": people.delete_person},
    "/people/{key}/devices": {"GET": devices.list_devices_of_person},
    "/people/{key}/supervisors": {"GET": people.list_supervisors},
    "/people/{key}/group-memberships": {"GET": memberships.list_memberships},
    "/devices": {"POST": devices.write_device},
    "/devices/{key}": {"GET": devices.read_device, "DELETE": devices.delete_device},
    "/device-names": {"GET": devices.list_device_names},
    "/groups": {"GET": groups.list_groups, "POST": groups.write_group},
    "/groups/{key}": {"GET": groups.read_group, "DELETE": groups.delete_group},
    "/groups/{key}/supervisors": {"GET": groups.list_supervisors},
    "/groups/{key}/members": {"GET": members.list_members, "POST": members.add_member},
    "/groups/{key}/members/{member}": {"DELETE": members.remove_member},
    "/groups/{key}/shifts": {"GET": shifts.list_shifts, "POST": shifts.write_shift},
    "/groups/{key}/shifts/{shift}": {"GET": shifts.read_shift, "DELETE": shifts.delete_shift},
    "/groups/{key}/shifts/{shift}/members": {
        "GET": shifts.list_shift_members,
        "POST": shifts.add_shift_member,
    },
    "/groups/{key}/shifts/{shift}/members/{member}": {"DELETE": shifts.remove_shift_member},
    "/on-call": {"GET": on_call.list_on_call},
    "/on-call-summary": {"GET": on_call.summarise},
    "/roles": {"GET": roles.list_roles},
    "/sites": {"GET": sites.list_sites},
    "/plans": {"GET": plans.list_plans},
    "/plans/{key}": {"GET": plans.read_plan},
    "/plans/{key}/constants": {"GET": plans.list_constants},
    "/plans/{key}/endpoints": {"GET": plans.list_endpoints},
    "/plans/{key}/forms": {"GET": forms.list_forms_of_plan},
    "/plans/{key}/forms/{form}/triggers": {"POST": triggers.trigger_form_of_plan},
    "/plans/{key}/integrations": {
        "GET": integrations.list_integrations,
        "POST": integrations.write_integration,
    },
    "/plans/{key}/integrations/{integration}": {"GET": integrations.read_integration},
    "/plans/{key}/shared-libraries": {"GET": libraries.list_libraries, "POST": libraries.write_library},
    "/shared-libraries/{key}": {"GET": libraries.read_library},
    "/forms": {"GET": forms.list_forms},
    "/forms/{key}": {"GET": forms.read_form},
    "/forms/{key}/response-options": {"GET": forms.list_response_options},
    "/forms/{key}/triggers": {"POST": triggers.trigger_form},
    "/integrations/{key}/logs": {"GET": logs.list_logs},
    "/events": {"GET": events.list_events, "POST": events.write_event},
    "/events/{key}": {"GET": events.read_event},
    "/events/{key}/annotations": {
        "GET": annotations.list_annotations,
        "POST": annotations.write_annotation,
    },
    "/events/{key}/annotations/{annotation}": {"GET": annotations.read_annotation},
    "/events/{key}/recipients": {"GET": recipients.list_recipients},
    "/events/{key}/responses": {"POST": event_records.record_response},
    "/events/{key}/deliveries": {"POST": event_records.record_delivery},
    "/events/{key}/escalations": {"POST": event_records.record_escalation},
    "/events/{key}/failures": {"POST": event_records.record_failure},
    "/audits": {"GET": audits.list_audits},
}

_OLDER: Final[Mapping[str, Mapping[str, Handler]]] = {
    "2015-04-01/forms/{key}/triggers": {"POST": triggers.trigger_form_of_legacy},
    "2015-04-01/people": {"GET": legacy.list_people},
    "2015-04-01/people/{key}": {"GET": legacy.read_person},
    "2015-01-01/events": {"GET": legacy.list_events},
    "2015-01-01/events/{key}": {"GET": legacy.read_event, "PUT": legacy.write_event},
}

ROUTES: Final[Mapping[str, Mapping[str, Handler]]] = {
    **{API + path: handlers for path, handlers in _PRESENT.items()},
    **{LEGACY + path: handlers for path, handlers in _OLDER.items()},
}
