"""Open an incident on Status.io for a component, or say in the open one that it has become worse."""

from typing import Any

from deputize.script import Constants, Http, Log, Secrets
from shared import statusio


def main(payload: dict[str, Any], http: Http, secrets: Secrets, constants: Constants, log: Log) -> None:
    component, status = payload["Component"], int(payload["Status code"])
    page = statusio.Page(http, secrets, constants["Status.io Page"])

    # Read before the incidents are looked at, so that little time is left for another run to open one.
    infrastructure = page.infrastructure(component)
    incident = page.find(component)
    if incident is None:
        page.create(
            f"A problem with {component} is being investigated",
            infrastructure_affected=infrastructure,
            all_infrastructure_affected="0",
            current_status=status,
            current_state=statusio.INVESTIGATING,
            incident_details=f"A problem with {component} is being investigated",
        )
        return

    details = what_is_new(incident["messages"], status)
    if details is None:
        log.info("the incident says it already", component=component, status=status)
        return
    page.update(
        incident,
        current_status=status,
        current_state=statusio.INVESTIGATING,
        incident_details=details,
    )


def what_is_new(messages: list[dict[str, Any]], status: int) -> str | None:
    """Return what to add to an incident with these messages; None when it says as much already."""
    if not messages or messages[-1]["state"] != statusio.INVESTIGATING:
        return "New issue detected to be investigated"
    investigated = [each["status"] for each in messages if each["state"] == statusio.INVESTIGATING]
    return "Increased incident severity" if status > max(investigated) else None
