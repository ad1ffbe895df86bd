"""Tells ServiceNow what becomes of an incident."""

from typing import Any

from deputize.script import Constants, Http


def call_back(http: Http, constants: Constants, entity: str, payload: dict[str, Any]) -> None:
    """Send *payload* to the table of *entity*, such as ``incident``.

    Raises RuntimeError when ServiceNow does not take it.
    """
    if not entity:
        raise ValueError("entity parameter is missing or empty")
    if not payload:
        raise ValueError("callbackPayload parameter is missing or empty")

    prefix = constants["ServiceNow Application Prefix"]
    response = http.post(f"/api/{prefix}/xm/{entity}", endpoint="ServiceNow", json=payload)
    if not response.ok:
        raise RuntimeError(f"Failed callback to ServiceNow: {response.status_code} {response.status_message}")
