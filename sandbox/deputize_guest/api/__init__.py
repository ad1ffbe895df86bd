"""What a script's author imports and what ``main`` is given, by name."""

from deputize_guest.api.callback import Author, Callback
from deputize_guest.api.capability import Capability
from deputize_guest.api.clock import Clock
from deputize_guest.api.facts import Constants, Initiator
from deputize_guest.api.form import Form
from deputize_guest.api.headers import Headers
from deputize_guest.api.http_client import Http
from deputize_guest.api.http_errors import HttpError, HttpErrorCause
from deputize_guest.api.http_request import HttpRequest
from deputize_guest.api.http_response import Response
from deputize_guest.api.log import Log
from deputize_guest.api.request import Request
from deputize_guest.api.schedule import Schedule
from deputize_guest.api.secrets import Secrets
from deputize_guest.secret import Secret

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
