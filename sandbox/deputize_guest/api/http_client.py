"""The HTTP client that is bound to the initiator."""

from collections.abc import Iterable, Iterator
from typing import Any, cast

from deputize_guest.api.api_object import ApiObject
from deputize_guest.api.channel import Channel
from deputize_guest.api.http_errors import http_error
from deputize_guest.api.http_request import Fields, HeaderFields, HttpRequest, to_wire
from deputize_guest.api.http_response import Response
from deputize_guest.api.paging import next_page
from deputize_guest.secret import Secret


class Http(ApiObject):
    """Calls endpoints as the initiator of the run; a script that does not ask for ``http`` cannot call.

    No status raises: look at ``ok``, ``refused`` or ``status_code`` of the response. Only a call that
    brings no response raises HttpError. *path* is joined to the endpoint's base URL and cannot leave it.
    """

    __slots__ = ("_channel",)

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def get(
        self,
        path: str = "",
        *,
        endpoint: str = "platform",
        params: Fields | None = None,
        headers: HeaderFields | None = None,
        timeout: float | None = None,
    ) -> Response:
        """Send GET and return the response. Raises HttpError when there is none."""
        return self.request("GET", path, endpoint=endpoint, params=params, headers=headers, timeout=timeout)

    def post(
        self,
        path: str = "",
        *,
        endpoint: str = "platform",
        params: Fields | None = None,
        headers: HeaderFields | None = None,
        json: Any = None,
        data: Fields | None = None,
        content: str | bytes | Secret | None = None,
        timeout: float | None = None,
    ) -> Response:
        """Send POST and return the response. Raises HttpError when there is none."""
        return self.request(
            "POST",
            path,
            endpoint=endpoint,
            params=params,
            headers=headers,
            json=json,
            data=data,
            content=content,
            timeout=timeout,
        )

    def put(
        self,
        path: str = "",
        *,
        endpoint: str = "platform",
        params: Fields | None = None,
        headers: HeaderFields | None = None,
        json: Any = None,
        data: Fields | None = None,
        content: str | bytes | Secret | None = None,
        timeout: float | None = None,
    ) -> Response:
        """Send PUT and return the response. Raises HttpError when there is none."""
        return self.request(
            "PUT",
            path,
            endpoint=endpoint,
            params=params,
            headers=headers,
            json=json,
            data=data,
            content=content,
            timeout=timeout,
        )

    def patch(
        self,
        path: str = "",
        *,
        endpoint: str = "platform",
        params: Fields | None = None,
        headers: HeaderFields | None = None,
        json: Any = None,
        data: Fields | None = None,
        content: str | bytes | Secret | None = None,
        timeout: float | None = None,
    ) -> Response:
        """Send PATCH and return the response. Raises HttpError when there is none."""
        return self.request(
            "PATCH",
            path,
            endpoint=endpoint,
            params=params,
            headers=headers,
            json=json,
            data=data,
            content=content,
            timeout=timeout,
        )

    def delete(
        self,
        path: str = "",
        *,
        endpoint: str = "platform",
        params: Fields | None = None,
        headers: HeaderFields | None = None,
        timeout: float | None = None,
    ) -> Response:
        """Send DELETE and return the response. Raises HttpError when there is none."""
        return self.request(
            "DELETE", path, endpoint=endpoint, params=params, headers=headers, timeout=timeout
        )

    def request(
        self,
        method: str,
        path: str = "",
        *,
        endpoint: str = "platform",
        params: Fields | None = None,
        headers: HeaderFields | None = None,
        json: Any = None,
        data: Fields | None = None,
        content: str | bytes | Secret | None = None,
        timeout: float | None = None,
    ) -> Response:
        """Send a request with any method and return the response. Raises HttpError when there is none."""
        return self.send(
            self.build_request(
                method,
                path,
                endpoint=endpoint,
                params=params,
                headers=headers,
                json=json,
                data=data,
                content=content,
                timeout=timeout,
            )
        )

    def build_request(
        self,
        method: str,
        path: str = "",
        *,
        endpoint: str = "platform",
        params: Fields | None = None,
        headers: HeaderFields | None = None,
        json: Any = None,
        data: Fields | None = None,
        content: str | bytes | Secret | None = None,
        timeout: float | None = None,
    ) -> HttpRequest:
        """Return a request that is not sent yet, for ``send`` and ``send_all``."""
        return HttpRequest(
            method,
            path,
            endpoint=endpoint,
            params=params,
            headers=headers,
            json=json,
            data=data,
            content=content,
            timeout=timeout,
        )

    def send(self, request: HttpRequest) -> Response:
        """Send *request* as it is now and return the response. Raises HttpError when there is none."""
        return Response(cast("Any", self._channel.ask("http", "send", {"request": _wire(request)})))

    def send_all(self, requests: Iterable[HttpRequest]) -> list[Response]:
        """Send *requests* at the same time and return their responses in the same order.

        Raises the HttpError of the first that has no response, after all have ended.
        """
        wires = [_wire(request) for request in requests]
        if not wires:
            return []
        answers = cast("list[Any]", self._channel.ask("http", "send_all", {"requests": [*wires]}))
        for answer in answers:
            if "error" in answer:
                raise http_error(answer["error"]["message"], answer["error"].get("cause"))
        return [Response(answer) for answer in answers]

    def pages(
        self,
        path: str = "",
        *,
        endpoint: str = "platform",
        params: Fields | None = None,
        headers: HeaderFields | None = None,
        timeout: float | None = None,
    ) -> Iterator[Response]:
        """Send GET and yield the response, then that of each page that ``links.next`` leads to.

        Ends after a page without ``links.next``, and after one whose status is not 2xx, which is yielded
        too. Raises HttpError when a page has no response.
        """
        request: HttpRequest | None = self.build_request(
            "GET", path, endpoint=endpoint, params=params, headers=headers, timeout=timeout
        )
        while request is not None:
            response = self.send(request)
            yield response
            request = next_page(request, response)

    def __repr__(self) -> str:
        return "<Http>"


def _wire(request: HttpRequest) -> Any:
    if not isinstance(request, HttpRequest):
        raise TypeError(f"a request made by build_request is sent, not {type(request).__name__}")
    return to_wire(request)
