"""What a script's author imports: the types of ``main``'s parameters.

The same names exist inside the sandbox, so that an editor, a type checker and a running script
see one thing.
"""

from deputize_guest.api import (
    Callback,
    Clock,
    Constants,
    Http,
    HttpError,
    HttpRequest,
    Initiator,
    Log,
    Request,
    Response,
)

__all__ = [
    "Callback",
    "Clock",
    "Constants",
    "Http",
    "HttpError",
    "HttpRequest",
    "Initiator",
    "Log",
    "Request",
    "Response",
]
