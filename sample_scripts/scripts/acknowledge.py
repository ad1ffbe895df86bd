"""Write who took an alert into its ticket.

The responder is looked up with the rights of whoever set the event off. When those do not reach,
the script makes do with what the callback itself says, and goes on.
"""

from deputize.script import Callback, Http, Log


def main(callback: Callback, http: Http, log: Log) -> None:
    if callback.response != "Acknowledge":
        return

    person = http.get(f"/api/xm/1/people/{callback.recipient}")
    if person.ok:
        name = person.json()["targetName"]
    else:
        log.warning("cannot read the responder", status=person.status_code, reason=person.reason)
        name = callback.recipient

    ticket = callback.event_properties["Incident_Number"]
    answer = http.put(
        f"api/v1/70049/requests/{ticket}",
        endpoint="EasyVista",
        json={"AVAILABLE_FIELD_1": name},
    )
    log.info("EasyVista answered", ticket=ticket, status=answer.status_code)
