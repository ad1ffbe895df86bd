"""What came back from a call."""

import json
from collections.abc import Mapping
from typing import Any, Final

from deputize_guest.api.api_object import ApiObject
from deputize_guest.api.headers import Headers
from deputize_guest.api.http_errors import HttpError

_SUCCESS: Final = range(200, 300)


class Response(ApiObject):
    """The answer to an HTTP call, whatever its status. Read-only."""

    __slots__ = ("_headers", "_reason", "_refused", "_status_code", "_status_message", "_text", "_url")

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._status_code: int = fields["status_code"]
        self._status_message: str = fields["status_message"]
        self._headers = Headers((name, value) for name, value in fields["headers"])
        self._text: str = fields["text"]
        self._refused: bool = fields["refused"]
        self._reason: str | None = fields["reason"]
        self._url: str = fields["url"]

    @property
    def status_code(self) -> int:
        """The status as a number, such as 403."""
        return self._status_code

    @property
    def status_message(self) -> str:
        """The status as a word, such as ``FORBIDDEN`` or ``NOT_FOUND``."""
        return self._status_message

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return self._status_code in _SUCCESS

    @property
    def refused(self) -> bool:
        """Whether the initiator may not do this: the status is 401 or 403."""
        return self._refused

    @property
    def reason(self) -> str | None:
        """Why the call was refused, in a sentence; None when it was not."""
        return self._reason

    @property
    def headers(self) -> Headers:
        """The headers, by name in any case."""
        return self._headers

    @property
    def text(self) -> str:
        """The body as text; empty when there was none."""
        return self._text

    @property
    def url(self) -> str:
        """The address that was called."""
        return self._url

    def json(self) -> Any:
        """Return the body as parsed JSON. Raises ValueError when it is not JSON."""
        try:
            return json.loads(self._text)
        except ValueError as error:
            raise ValueError(f"the body of {self._called()} is not JSON: {error}") from None

    def raise_for_status(self) -> "Response":
        """Return this response when its status is 2xx. Raises HttpError with cause ``status`` otherwise."""
        if self.ok:
            return self
        why = f": {self._reason}" if self._reason else ""
        raise HttpError(f"{self._called()}{why}", "status")

    def __repr__(self) -> str:
        return f"<Response {self._status_code} {self._status_message}>"

    def _called(self) -> str:
        return f"{self._status_code} {self._status_message} from {self._url}"
