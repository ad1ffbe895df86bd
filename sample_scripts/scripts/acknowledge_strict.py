"""Write who took an alert into its ticket, or fail.

The same job as ``acknowledge``, as most scripts do it: without the responder's record there is
nothing to write, so a refusal ends the run and the ticket stays as it was.
"""

from deputize.script import Callback, Http, Log


def main(callback: Callback, http: Http, log: Log) -> None:
    if callback.response != "Acknowledge":
        return

    person = http.get(f"/api/xm/1/people/{callback.recipient}")
    if not person.ok:
        raise RuntimeError(f"cannot read {callback.recipient}: {person.reason or person.status_code}")

    ticket = callback.event_properties["Incident_Number"]
    answer = http.put(
        f"api/v1/70049/requests/{ticket}",
        endpoint="EasyVista",
        json={"AVAILABLE_FIELD_1": person.json()["targetName"]},
    )
    log.info("EasyVista answered", ticket=ticket, status=answer.status_code)
