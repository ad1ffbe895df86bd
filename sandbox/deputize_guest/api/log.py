"""What a script writes into the activity stream."""

from typing import Final

from deputize_guest.api.api_object import ApiObject
from deputize_guest.api.channel import Channel
from deputize_guest.private_names import shown
from deputize_guest.values import JsonValue, show, to_loggable, without_addresses

CAPABILITY: Final = "log"


class Log(ApiObject):
    """Writes entries of kind ``log``. Fields that are not JSON are written as their ``repr``."""

    __slots__ = ("_channel",)

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def debug(self, message: object, /, **fields: object) -> None:
        """Write an entry of level debug."""
        write(self._channel, "debug", message, fields)

    def info(self, message: object, /, **fields: object) -> None:
        """Write an entry of level info."""
        write(self._channel, "info", message, fields)

    def warning(self, message: object, /, **fields: object) -> None:
        """Write an entry of level warning."""
        write(self._channel, "warning", message, fields)

    def error(self, message: object, /, **fields: object) -> None:
        """Write an entry of level error. The script goes on."""
        write(self._channel, "error", message, fields)

    def __repr__(self) -> str:
        return "<Log>"


def write(channel: Channel, level: str, message: object, fields: dict[str, object]) -> None:
    """Send one entry; *level* is debug, info, warning or error."""
    loggable: dict[str, JsonValue] = {shown(name): to_loggable(value) for name, value in fields.items()}
    channel.tell(CAPABILITY, level, {"message": _text(message), "fields": loggable})


def _text(message: object) -> str:
    try:
        return without_addresses(str(message))
    except Exception:
        return show(message)
