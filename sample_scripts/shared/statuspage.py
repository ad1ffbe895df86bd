"""Incidents on a StatusPage page."""

from itertools import count
from typing import Any

from deputize.script import Http, Secrets

PAGE_SIZE = 100


class Incidents:
    """The incidents of the page, found by name. Every method raises HttpError when StatusPage refuses."""

    def __init__(self, http: Http, secrets: Secrets) -> None:
        self.http = http
        self.secrets = secrets

    def find(self, name: str) -> dict[str, Any] | None:
        """Return the incident *name*, or None when there is none."""
        for page in count(1):
            found = self.call("GET", "incidents.json", params={"limit": PAGE_SIZE, "page": page})
            for incident in found:
                # A name that looks like a number comes back as one.
                if str(incident["name"]) == name:
                    return incident
            if len(found) < PAGE_SIZE:
                break
        return None

    def create(self, name: str, message: str) -> dict[str, Any]:
        """Return the incident *name*; make it when there is none."""
        known = self.find(name)
        if known is not None:
            return known
        return self.call("POST", "incidents.json", json={"incident": {"name": name, "message": message}})

    def change(self, name: str, **fields: str) -> dict[str, Any] | None:
        """Change fields of the incident *name* and return it; None when there is none."""
        known = self.find(name)
        if known is None:
            return None
        return self.call("PATCH", f"incidents/{known['id']}.json", json={"incident": fields})

    def call(self, method: str, path: str, **request: Any) -> Any:
        token = {"Authorization": "OAuth " + self.secrets["statuspage"]}
        response = self.http.request(method, path, endpoint="StatusPage", headers=token, **request)
        return response.raise_for_status().json()
