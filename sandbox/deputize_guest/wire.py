"""Frames between guest and host: four bytes of length, then one JSON object."""

import json
import math
import os
from collections.abc import Mapping
from typing import Any, Final, NoReturn

#: The longest frame that the guest reads, in bytes.
FRAME_BYTES: Final = 32 * 1024 * 1024
_HEADER: Final = 4
_CHUNK: Final = 64 * 1024


class HostGone(BaseException):
    """The host closed the socket or wrote what is no frame; nothing more can be said to it.

    Not an ``Exception``, so that a script's ``except Exception`` does not keep a lost run alive.
    """


def encode(frame: Mapping[str, Any]) -> bytes:
    """Return *frame* as bytes, its length in front.

    Raises ValueError for NaN and infinities. A lone surrogate, which UTF-8 cannot carry, becomes ``?``.
    """
    body = _ENCODER.encode(frame).encode("utf-8", "replace")
    return len(body).to_bytes(_HEADER, "big") + body


def decode(body: bytes) -> dict[str, Any]:
    """Return the JSON object that *body* (a frame without its length) holds.

    Raises ValueError for anything else: bad UTF-8, another kind of value, NaN, a number beyond a float.
    """
    value = _DECODER.decode(body.decode("utf-8"))
    if not isinstance(value, dict):
        raise ValueError(f"a frame is a JSON object, not {type(value).__name__}")  # noqa: TRY004 - the sender's fault
    return value


class Connection:
    """The guest's one descriptor. Blocking; only ``read`` and ``write`` are ever called on it.

    ``receive`` and ``send`` call no Python function between the first and the last byte of a frame: a
    script that exhausted the stack would otherwise leave half of one behind.
    """

    __slots__ = ("_broken", "_fd")

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._broken = False

    def send(self, frame: bytes) -> None:
        """Write an encoded frame. Raises HostGone when the host does not read any more."""
        if self._broken:
            raise HostGone("the connection is broken")
        self._broken = True
        rest = memoryview(frame)
        try:
            while rest:
                rest = rest[os.write(self._fd, rest) :]
        except OSError as error:
            raise HostGone(f"the host closed the connection: {error}") from None
        self._broken = False

    def receive(self) -> dict[str, Any]:
        """Read one frame. Raises HostGone at the end of the stream and for what is no frame."""
        if self._broken:
            raise HostGone("the connection is broken")
        self._broken = True
        received = bytearray()
        missing, header = _HEADER, True
        while missing:
            try:
                chunk = os.read(self._fd, min(missing, _CHUNK))
            except OSError as error:
                raise HostGone(f"the host closed the connection: {error}") from None
            if not chunk:
                raise HostGone("the host closed the connection")
            received += chunk
            missing -= len(chunk)
            if header and not missing:
                missing, header = int.from_bytes(received, "big"), False
                if missing > FRAME_BYTES:
                    raise HostGone(f"a frame of {missing} bytes is longer than {FRAME_BYTES}")
                received = bytearray()
        self._broken = False
        try:
            return decode(bytes(received))
        except ValueError as error:
            self._broken = True
            raise HostGone(f"the host wrote what is no frame: {error}") from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is beyond the range of a float")
    return number


# Made once: ``json.dumps`` and ``json.loads`` make theirs anew for every frame.
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_DECODER: Final = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite)
