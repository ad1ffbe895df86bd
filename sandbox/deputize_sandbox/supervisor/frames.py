"""Cuts a guest's bytes into frames: four bytes of length, then one JSON object."""

import json
from collections.abc import Mapping
from typing import Final

from pydantic_core import PydanticSerializationError, to_json

from deputize_sandbox.errors import ProtocolViolation

HEADER_BYTES: Final = 4
#: How an over-long frame begins that is the result of a script which returned too much, not a lie.
_RESULT: Final = b'{"kind":"returned",'


class ResultTooLong(ProtocolViolation):
    """The announced frame is too long, and begins as a result does."""


class FrameCutter:
    """Takes bytes as they come and gives whole frames.

    Never holds more than one frame of *limit* bytes and what was fed after it: memory follows what was
    received, not what a length announces.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._pending = bytearray()

    def feed(self, data: bytes) -> None:
        """Take what was received."""
        self._pending += data

    @property
    def pending(self) -> int:
        """How many bytes wait, whole frames included."""
        return len(self._pending)

    def cut(self) -> bytes | None:
        """Return the next frame without its length, or None while it is incomplete.

        Raises ProtocolViolation, or ResultTooLong, as soon as a longer frame than allowed is announced.
        """
        pending = self._pending
        if len(pending) < HEADER_BYTES:
            return None
        length = int.from_bytes(pending[:HEADER_BYTES], "big")
        end = HEADER_BYTES + length
        if length > self.limit:
            self._refuse(length)
            return None
        if len(pending) < end:
            return None
        frame = bytes(pending[HEADER_BYTES:end])
        del pending[:end]
        return frame

    def _refuse(self, length: int) -> None:
        """Raise, once enough of the frame is there to tell a result from a lie."""
        message = f"a frame of {length} bytes; at most {self.limit} are allowed"
        begin = self._pending[HEADER_BYTES : HEADER_BYTES + len(_RESULT)]
        if begin == _RESULT:
            raise ResultTooLong(message)
        if len(begin) < len(_RESULT) and _RESULT.startswith(begin):
            return
        raise ProtocolViolation(message)


def encode(frame: Mapping[str, object], *, before: bytes = b"") -> bytes:
    """Return *frame* for a guest. NaN and infinity become null, half of a surrogate pair ``?``.

    *before* is an object as JSON, whose keys are put before those of *frame*; neither of them is empty.
    """
    try:
        body = to_json(frame, inf_nan_mode="null")
    except PydanticSerializationError:
        # UTF-8 has no surrogates. What else it may be raises below.
        text = json.dumps(frame, ensure_ascii=False).encode("utf-8", "replace")
        body = to_json(json.loads(text, parse_constant=lambda _: None))
    if before:
        body = before[:-1] + b"," + body[1:]
    return len(body).to_bytes(HEADER_BYTES, "big") + body
