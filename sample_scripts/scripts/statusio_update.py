"""Bring the Status.io incident of a component to its end, with the last event about it."""

from typing import Any

from deputize.script import Constants, Http, Log, Secrets
from shared import statusio


def main(payload: dict[str, Any], http: Http, secrets: Secrets, constants: Constants, log: Log) -> None:
    component = payload["Component"]
    events = count_active_events(http, component)
    if events != 1:
        log.info("other events are about the component", component=component, events=events)
        return

    page = statusio.Page(http, secrets, constants["Status.io Page"])
    incident = page.find(component)
    if incident is None:
        log.info("there is no incident", component=component)
        return
    state = incident["messages"][-1]["state"]
    if state != statusio.INVESTIGATING:
        log.info("somebody has taken the incident over", component=component, state=state)
        return
    page.update(
        incident,
        current_status=100,
        current_state=int(payload["State"]),
        incident_details=payload["Details"],
    )


def count_active_events(http: Http, component: str) -> int:
    """Return how many there are, of those that the initiator may see.

    Raises HttpError when they may not look.
    """
    search = {"status": "ACTIVE", "propertyName": "AffectedComponent#en", "propertyValue": component}
    pages = http.pages("/api/xm/1/events", params=search)
    return sum(page.raise_for_status().json()["count"] for page in pages)
