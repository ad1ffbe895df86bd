"""Delete the person of a Salesforce contact, and their group when nobody is left in it."""

from typing import Any
from urllib.parse import quote

from deputize.script import Clock, Constants, Form, Http, Log
from shared import contacts, lookup

API = "/api/xm/1"


def main(
    payload: dict[str, Any], http: Http, form: Form, clock: Clock, constants: Constants, log: Log
) -> dict[str, str]:
    # A person who is not there any more is no error: the answer is a 204. A refusal is one.
    http.delete(f"{API}/people/{quote(payload['ID'], safe='')}").raise_for_status()

    department = end_group(http, log, payload["Department"])
    contact = {**payload, "Department": department}
    form.post(properties=contacts.properties(contact, "Delete", clock, constants)).raise_for_status()
    return {"department": department}


def end_group(http: Http, log: Log, name: str) -> str:
    """Delete the group when it is empty, and return what became of it."""
    path = f"{API}/groups/{quote(name, safe='')}"
    members = lookup.find(http, f"{path}/members")
    if members is None:
        return f"{name} Group Does Not Exist."
    if members["count"] > 0:
        return f"{name} Group still Exists."
    deleted = http.delete(path)
    if not deleted.ok:
        log.error("cannot delete an empty group", group=name, status=deleted.status_code)
        return f"{name} is an Empty Group, but has Not Been Deleted due to an Error."
    return f"{name} Group Has Been Deleted."
