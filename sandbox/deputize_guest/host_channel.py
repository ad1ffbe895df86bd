"""The channel of one run: calls become frames on the guest's socket."""

import builtins
import os
import sys
from collections.abc import Mapping
from types import FrameType
from typing import Any, Final, NoReturn, Protocol, cast

from deputize_guest import wire
from deputize_guest.api.http_errors import http_error
from deputize_guest.dialect.code_files import SCRIPT_FILE
from deputize_guest.run_clock import CLOCK
from deputize_guest.values import JsonValue

#: Exceptions that a host may raise in a script by their names.
_RAISABLE: Final = frozenset(
    {"KeyError", "LookupError", "PermissionError", "RuntimeError", "TimeoutError", "TypeError", "ValueError"}
)
#: Status of a guest whose host does not speak to it any more.
_HOST_GONE: Final = 71


class Connection(Protocol):
    """Carries frames to the host and back, as ``wire.Connection`` does."""

    def send(self, frame: bytes) -> None:
        """Write an encoded frame. Raises HostGone when the host does not read any more."""
        ...

    def receive(self) -> dict[str, Any]:
        """Read one frame. Raises HostGone at the end of the stream and for what is no frame."""
        ...


class HostChannel:
    """Sends calls and waits for their answers, one at a time."""

    __slots__ = ("_connection", "_file", "_longest", "_number")

    def __init__(
        self, connection: Connection, *, longest: int = wire.FRAME_BYTES, file: str = SCRIPT_FILE
    ) -> None:
        self._connection = connection
        self._longest = longest
        #: What the script's code calls its file.
        self._file = file
        self._number = 0

    def ask(self, capability: str, method: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
        """Call and wait for the answer. Raises what the host answers as an error."""
        number = self._number + 1
        frame = self._frame(
            {
                "kind": "call",
                "id": number,
                "capability": capability,
                "method": method,
                "arguments": arguments,
                "line": self._line(),
            }
        )
        answer = self._exchange(frame)
        if answer.get("id") != number:
            _leave()
        if "now" in answer:
            CLOCK.advance_to(answer["now"])
        if "failed" in answer:
            raise _error(answer["failed"])
        return cast("JsonValue", answer["value"])

    def tell(self, capability: str, method: str, arguments: Mapping[str, JsonValue]) -> None:
        """Call without an answer."""
        frame = self._frame(
            {
                "kind": "tell",
                "capability": capability,
                "method": method,
                "arguments": arguments,
                "line": self._line(),
            }
        )
        try:
            self._connection.send(frame)
        except wire.HostGone:
            _leave()

    def _frame(self, message: dict[str, Any]) -> bytes:
        """Return *message* for the host. Raises ValueError where the host would take its length for a lie."""
        frame = wire.encode(message)
        if len(frame) > self._longest:
            raise ValueError(
                f"{message['capability']}.{message['method']}: {len(frame)} bytes are too many for one call; "
                f"at most {self._longest} are allowed"
            )
        return frame

    def _exchange(self, frame: bytes) -> dict[str, Any]:
        try:
            self._connection.send(frame)
            # Not before: what raised on the way here, such as a stack that is full, has sent nothing.
            self._number += 1
            return self._connection.receive()
        except wire.HostGone:
            _leave()

    def _line(self) -> int | None:
        frame: FrameType | None = sys._getframe(2)  # noqa: SLF001 - named so by the standard library
        while frame is not None and frame.f_code.co_filename != self._file:
            frame = frame.f_back
        return frame.f_lineno if frame else None


def _leave() -> NoReturn:
    # An exception could be caught by the script, which would then run on for nobody.
    os._exit(_HOST_GONE)


def _error(failed: Mapping[str, Any]) -> Exception:
    name, message = failed["type"], failed["message"]
    if name == "HttpError":
        return http_error(message, failed.get("cause"))
    if name in _RAISABLE:
        return cast("Exception", getattr(builtins, name)(message))
    return RuntimeError(message)
