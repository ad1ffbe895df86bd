"""Incidents on a Status.io page, one for each component."""

from typing import Any

from deputize.script import Http, Secrets

#: The state of an incident that nobody has explained yet.
INVESTIGATING = 100
#: Whom Status.io tells of a message: "1" for yes.
TELL = {
    "notify_email": "1",
    "notify_sms": "0",
    "notify_webhook": "0",
    "social": "0",
    "irc": "0",
    "hipchat": "0",
    "slack": "0",
}


class Page:
    """One page. Every method raises HttpError or RuntimeError when Status.io refuses."""

    def __init__(self, http: Http, secrets: Secrets, page_id: str) -> None:
        self.http = http
        self.secrets = secrets
        self.id = page_id

    def find(self, component: str) -> dict[str, Any] | None:
        """Return the active incident of *component*, or None when there is none."""
        for incident_id in self.call("GET", f"v2/incidents/{self.id}")["active_incidents"]:
            incident = self.call("GET", f"v2/incident/{self.id}/{incident_id}")[0]
            if component in [each["name"] for each in incident["components_affected"]]:
                return incident
        return None

    def infrastructure(self, component: str) -> list[str]:
        """Return where *component* runs. Raises LookupError when the page has no such component."""
        for each in self.call("GET", f"v2/component/list/{self.id}"):
            if each["name"] == component:
                return [f"{each['_id']}-{container['_id']}" for container in each["containers"]]
        raise LookupError(f'the Status.io page has no component "{component}"')

    def create(self, name: str, **fields: Any) -> None:
        """Open an incident."""
        known = {"statuspage_id": self.id, "incident_name": name}
        self.call("POST", "v2/incident/create", {**known, **TELL, **fields})

    def update(self, incident: dict[str, Any], **fields: Any) -> None:
        """Add a message to *incident*."""
        known = {"statuspage_id": self.id, "incident_id": incident["_id"]}
        self.call("POST", "v2/incident/update", {**known, **TELL, **fields})

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        keys = {"x-api-id": self.secrets["statusio_id"], "x-api-key": self.secrets["statusio_key"]}
        response = self.http.request(method, path, endpoint="Status.io", headers=keys, json=body)
        answer = response.raise_for_status().json()
        # Status.io answers 200 for errors too.
        if answer["status"]["error"] == "yes":
            raise RuntimeError(f"Status.io: {answer['status']['message']}")
        return answer["result"]
