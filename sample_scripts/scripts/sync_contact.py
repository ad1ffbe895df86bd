"""Create or change a person from a Salesforce contact, with their devices and their group."""

import re
from typing import Any
from urllib.parse import quote

from deputize.script import Clock, Constants, Form, Http
from shared import contacts, lookup

API = "/api/xm/1"


def main(
    payload: dict[str, Any], http: Http, form: Form, clock: Clock, constants: Constants
) -> dict[str, str]:
    contact = payload
    person, what = sync_person(http, constants, contact)

    email, voice, sms = (contact.get(name) or "" for name in ("Email", "HomePhone", "MobilePhone"))
    if given(email):
        device = {"deviceType": "EMAIL", "sequence": 1, "emailAddress": email}
        sync_device(http, person, constants["Email Device"], device)
    if given(sms):
        device = {"deviceType": "TEXT_PHONE", "sequence": 2, "phoneNumber": phone_number(sms)}
        sync_device(http, person, constants["SMS Device"], device)
    if given(voice):
        device = {"deviceType": "VOICE", "sequence": 3, "phoneNumber": phone_number(voice)}
        sync_device(http, person, constants["Voice Device"], device)

    join_group(http, contact["Department"], person)

    form.post(properties=contacts.properties(contact, what, clock, constants)).raise_for_status()
    return {"person": person["id"], "type": what}


def sync_person(http: Http, constants: Constants, contact: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Return the person as they are now, and what was done."""
    fields = {
        "targetName": contact["ID"],
        "firstName": contact["FirstName"],
        "lastName": contact["LastName"],
        "webLogin": contact["Username"],
        "recipientType": "PERSON",
        "language": "en",
        "timezone": constants["Time Zone"],
        "status": "ACTIVE",
        "roles": ["Standard User"],
    }
    known = lookup.find(http, f"{API}/people/{quote(contact['ID'], safe='')}")
    if known is not None:
        changed = http.post(f"{API}/people", json={**fields, "id": known["id"]})
        return changed.raise_for_status().json(), "Update"
    return http.post(f"{API}/people", json=fields).raise_for_status().json(), "Create New"


def sync_device(http: Http, owner: dict[str, Any], name: str, fields: dict[str, Any]) -> None:
    known = lookup.find(http, f"{API}/devices/{quote(owner['targetName'] + '|' + name, safe='')}")
    whose = {"owner": owner["id"]} if known is None else {"id": known["id"]}
    device = {"recipientType": "DEVICE", "name": name, "delay": 0, **fields, **whose}
    http.post(f"{API}/devices", json=device).raise_for_status()


def join_group(http: Http, name: str, person: dict[str, Any]) -> None:
    """Put *person* into the group and its shift, unless they are in it; make the group if there is none."""
    path = f"{API}/groups/{quote(name, safe='')}"
    if lookup.find(http, path) is None:
        group = {
            "targetName": name,
            "recipientType": "GROUP",
            "allowDuplicates": False,
            "useDefaultDevices": True,
            "observedByAll": True,
            "description": "Group Synced from Salesforce",
        }
        http.post(f"{API}/groups", json=group).raise_for_status()

    for page in http.pages(f"{path}/members"):
        if person["id"] in [each["member"]["id"] for each in page.raise_for_status().json()["data"]]:
            return
    member = {"id": person["id"], "recipientType": "PERSON"}
    http.post(f"{path}/members", json=member).raise_for_status()
    place = {"inRotation": True, "recipient": member}
    http.post(f"{path}/shifts/Default%20Shift/members", json=place).raise_for_status()


def given(value: str) -> bool:
    """Return whether Salesforce has sent a value; an empty field may come as the text "null"."""
    return value not in ("", "null")


def phone_number(text: str) -> str:
    """Return a number as the platform takes it; one without a country is American."""
    digits = re.sub(r"[^0-9]", "", text)
    return f"+{digits}" if text.strip().startswith("+") else f"+1{digits}"
