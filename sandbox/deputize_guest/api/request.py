"""The request that set an inbound script off."""

import json
from collections.abc import Mapping
from typing import Any

from deputize_guest.api.api_object import ApiObject
from deputize_guest.api.headers import Headers
from deputize_guest.api.schedule import Schedule


class Request(ApiObject):
    """The inbound HTTP request. Read-only."""

    __slots__ = (
        "_body",
        "_headers",
        "_integration_id",
        "_method",
        "_parameters",
        "_remote_address",
        "_request_id",
        "_schedule",
    )

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._method: str = fields["method"]
        self._headers = Headers(fields["headers"].items())
        self._parameters: dict[str, str] = fields["parameters"]
        self._body: str = fields["body"]
        self._request_id: str = fields["request_id"]
        self._integration_id: str = fields["integration_id"]
        self._remote_address: str | None = fields["remote_address"]
        due = fields.get("schedule")
        self._schedule = None if due is None else Schedule(due)

    @property
    def method(self) -> str:
        """The HTTP method, in upper case."""
        return self._method

    @property
    def headers(self) -> Headers:
        """The headers, by name in any case."""
        return self._headers

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of the query, and of a form-encoded body."""
        return self._parameters

    @property
    def body(self) -> str:
        """The body as text; empty when there was none."""
        return self._body

    @property
    def request_id(self) -> str:
        """The id that the caller was told."""
        return self._request_id

    @property
    def integration_id(self) -> str:
        """The id of the integration that was called."""
        return self._integration_id

    @property
    def remote_address(self) -> str | None:
        """The caller's IP address; None when the run was not started over the network."""
        return self._remote_address

    @property
    def schedule(self) -> Schedule | None:
        """The due time of the schedule that the run is for; None when somebody sent the request."""
        return self._schedule

    def json(self) -> Any:
        """Return the body as parsed JSON. Raises ValueError when it is not JSON."""
        try:
            return json.loads(self._body)
        except ValueError as error:
            raise ValueError(f"the body of the request is not JSON: {error}") from None

    def __repr__(self) -> str:
        return f"<Request {self._method} {self._request_id}>"
