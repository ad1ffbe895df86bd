"""A session: somebody has signed in to the page with a browser, and has not signed out."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What is kept of it; the token that the browser has is written nowhere."""

    #: A keyed hash of the token.
    hash: str
    person_id: str
    #: When the password was set by which they have signed in: with another one the session is over.
    #: None where it was not by one.
    password_changed: datetime | None
    #: The address that they have signed in from.
    source: str
    created: datetime
    #: When it was last used, to within some minutes.
    used: datetime
