"""What is wrong with a message."""

from deputize.errors import Refused


class MessageInvalid(Refused):
    """The message cannot be read, or says what cannot be used; nothing was started."""

    code = "MESSAGE_INVALID"
