"""Send an event, with all that belongs to it, to Splunk's HTTP Event Collector."""

from typing import Any
from urllib.parse import quote

from deputize.script import Http, Log, Secrets

EMBED = "properties,recipients,responseOptions,annotations"


def main(payload: dict[str, Any], http: Http, secrets: Secrets, log: Log) -> dict[str, int]:
    event_id = payload["eventID"]
    event = http.get(f"/api/xm/1/events/{quote(event_id, safe='')}", params={"embed": EMBED})
    details = event.raise_for_status().json()
    for name in ("recipients", "annotations"):
        if name in details:
            details[name] = whole(http, log, name, details[name])
    search = {"eventId": event_id, "auditType": "RESPONSE_RECEIVED"}
    details["audits"] = read_all(http, log, "audits", "/api/xm/1/audits", search)

    response = http.post(
        "/services/collector/event",
        endpoint="Splunk",
        headers={"Authorization": "Splunk " + secrets["splunk"]},
        json={"sourcetype": payload.get("Source Type", "deputize:event"), "event": details},
    )
    response.raise_for_status()
    return {"Splunk Response": response.status_code}


def whole(http: Http, log: Log, name: str, block: dict[str, Any]) -> list[Any]:
    """Return all items of a block of the event, which has the first page and a link to the next one."""
    following = block.get("links", {}).get("next")
    return block["data"] + (read_all(http, log, name, following) if following else [])


def read_all(http: Http, log: Log, name: str, path: str, params: dict[str, str] | None = None) -> list[Any]:
    """Return the items of all pages. Where one cannot be read, those before it count, and it is logged."""
    items = []
    for page in http.pages(path, params=params):
        if not page.ok:
            log.warning("some are missing", what=name, status=page.status_code, reason=page.reason)
            break
        items += page.json()["data"]
    return items
