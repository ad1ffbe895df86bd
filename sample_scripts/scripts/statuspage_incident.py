"""Open, comment or resolve a StatusPage incident, by what somebody answers to an alert."""

from deputize.script import Callback, Http, Log, Secrets
from shared import statuspage


def main(callback: Callback, http: Http, secrets: Secrets, log: Log) -> None:
    incidents = statuspage.Incidents(http, secrets)
    # The incident is named after the event, and so found again.
    name = callback.event_id

    match callback.response.lower():
        case "create statuspage.io incident":
            incidents.create(name, "A new issue has been detected.")
        case "update statuspage.io incident with comment":
            if callback.annotation is None:
                log.info("Skipping update to StatusPage as no annotation was provided")
                return
            changed = incidents.change(name, message=f"Updating this incident - {callback.annotation}")
            if changed is None:
                log.warning("No StatusPage found. Returning.")
        case "resolve statuspage.io incident":
            if incidents.change(name, status="resolved") is None:
                log.warning("No StatusPage found. Returning.")
