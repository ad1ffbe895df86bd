"""What a script's author imports: the types of ``main``'s parameters.

The same names exist inside the sandbox, so that an editor, a type checker and a running script
see one thing.
"""

from deputize_guest.api import (
    Author,
    Callback,
    Capability,
    Clock,
    Constants,
    Form,
    Headers,
    Http,
    HttpError,
    HttpErrorCause,
    HttpRequest,
    Initiator,
    Log,
    Request,
    Response,
    Schedule,
    Secret,
    Secrets,
)

__all__ = [
    "Author",
    "Callback",
    "Capability",
    "Clock",
    "Constants",
    "Form",
    "Headers",
    "Http",
    "HttpError",
    "HttpErrorCause",
    "HttpRequest",
    "Initiator",
    "Log",
    "Request",
    "Response",
    "Schedule",
    "Secret",
    "Secrets",
]
