"""Raise an alert for a ServiceNow incident, in the place of the alerts that it had before."""

from typing import Any

from deputize.script import Constants, Form, Http, Log
from shared import servicenow


def main(payload: dict[str, Any], http: Http, form: Form, constants: Constants, log: Log) -> dict[str, Any]:
    properties = payload.get("properties")
    if not properties:
        raise ValueError("Request body has an empty 'properties' value.")
    sys_id = properties.get("sys_id")
    if not sys_id:
        raise ValueError(
            "Request properties object is missing ServiceNow Incident Id value [properties.sys_id]."
        )
    # The rest of the body is sent as it came: its properties, and a priority if it has one.
    recipients = [each["targetName"] for each in payload.get("recipients") or []]
    trigger = {name: value for name, value in payload.items() if name != "recipients"}

    ended = end_earlier_alerts(http, log, sys_id)

    posted = form.post(trigger, recipients=recipients or None)
    if not posted.ok:
        raise RuntimeError(
            f"Incident Alerts failed with response: {posted.status_code} {posted.reason or posted.text}"
        )
    # The event is made later; until then it is known by the id of the request.
    request_id = posted.json()["requestId"]

    servicenow.call_back(
        http,
        constants,
        "incident",
        {
            "eventIdentifier": request_id,
            "targetName": recipients[0] if recipients else "Default Recipients",
            "eventProperties": [{"sys_id": sys_id}],
            "mode": "eventCreation",
        },
    )
    return {"requestId": request_id, "ended": ended}


def end_earlier_alerts(http: Http, log: Log, sys_id: str) -> int:
    """End the events of the same incident and return how many.

    One that may not be ended stays, and is logged.
    """
    # All pages are read before anything is ended: what ends leaves the list, and the pages would shift.
    earlier = []
    search = {"status": "ACTIVE,SUSPENDED", "propertyName": "sys_id", "propertyValue": sys_id}
    for page in http.pages("/api/xm/1/events", params=search):
        if not page.ok:
            log.warning("cannot look for earlier alerts", status=page.status_code, reason=page.reason)
            break
        earlier += page.json()["data"]

    ended = 0
    for event in earlier:
        answer = http.post("/api/xm/1/events", json={"id": event["id"], "status": "TERMINATED"})
        if answer.ok:
            ended += 1
        else:
            log.warning(
                "cannot end an earlier alert",
                event=event["id"],
                status=answer.status_code,
                reason=answer.reason,
            )
    return ended
