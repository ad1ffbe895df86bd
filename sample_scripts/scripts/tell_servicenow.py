"""Tell ServiceNow of a change of status, a delivery or a response: one script for three integrations."""

from deputize.script import Callback, Constants, Http, Log
from shared import servicenow

MODES = {"STATUS": "status", "DELIVERYSTATUS": "deliveryStatus", "RESPONSE": "response"}


def main(callback: Callback, http: Http, constants: Constants, log: Log) -> None:
    log.info(f"Executing outbound integration for event ID: {callback.event_id}")
    # The callback as it came, in which the properties are a list.
    servicenow.call_back(http, constants, "incident", {**callback.raw, "mode": MODES[callback.kind]})
    log.info("Successful callback to ServiceNow")
