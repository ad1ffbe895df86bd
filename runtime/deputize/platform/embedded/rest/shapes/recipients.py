"""People, devices and groups as members and recipients, as the REST API shows them."""

from pydantic import JsonValue

from deputize.platform.embedded.rest.shapes.groups import group_reference
from deputize.platform.embedded.rest.shapes.people import reference
from deputize.platform.embedded.rest.shapes.references import recipient_reference
from deputize.platform.embedded.whom import Whom


def whom(each: Whom, *, owner: bool = False) -> dict[str, JsonValue]:
    """Return somebody who can be told of something; with the *owner* of a device where that is asked for."""
    if each.group is not None:
        return group_reference(each.group)
    shown = recipient_reference(each.type, each.id, each.target_name)
    if owner and each.device is not None and each.person is not None:
        shown["owner"] = reference(each.person)
    return shown
