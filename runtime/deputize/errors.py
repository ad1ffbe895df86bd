"""Every error that the product raises, and whose fault it is.

::

    DeputizeError
    ├── Refused              the caller asked for what cannot be given
    │   ├── UnknownUser
    │   ├── UnknownIntegration
    │   ├── PayloadInvalid
    │   ├── RequestReused
    │   ├── ScriptRejected
    │   └── TextNotStorable
    ├── StoreUnavailable     the database does not answer, or has no room
    └── Misconfigured        our set-up: the message names the setting
        ├── ProjectNotFound
        ├── ProjectInvalid
        ├── StandInInvalid
        ├── JailMissing
        └── ExtraMissing

The file of a plan has its own in ``plan_file/faults.py``. The rooms that are never imported without the
extra ``server`` have theirs beneath these too:
``credentials/``, ``deployment.py``, ``store/served.py``, ``use_cases/errors.py`` and ``server/``.

A script's own fault is never an exception here: it is the outcome of its run. A fault of this
product is none of these either: it propagates as it is.
"""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from deputize_sandbox import Diagnostic


class DeputizeError(Exception):
    """An error with a stable ``code`` and a message: what, where, which value, what to do."""

    code: ClassVar[str]


class Refused(DeputizeError):
    """The caller asked for something that cannot be given; nothing was started."""


class Misconfigured(DeputizeError):
    """The set-up is wrong; the message names the setting and what to change."""

    code = "MISCONFIGURED"


class UnknownUser(Refused):
    """The initiator is nobody whom the platform knows."""

    code = "UNKNOWN_USER"


class UnknownIntegration(Refused):
    """The name is no integration of the project and no path of a script."""

    code = "UNKNOWN_INTEGRATION"


class PayloadInvalid(Refused):
    """The payload is missing, is not JSON, or does not fit the kind of start."""

    code = "PAYLOAD_INVALID"


class RequestReused(Refused):
    """What came before under the same key was another request."""

    code = "IDEMPOTENCY_KEY_REUSED"


class ScriptRejected(Refused):
    """The script cannot be run; ``diagnostics`` says where and why."""

    code = "SCRIPT_REJECTED"

    def __init__(self, message: str, *, diagnostics: "Sequence[Diagnostic]" = ()) -> None:
        super().__init__(message)
        self.diagnostics = tuple(diagnostics)


class TextNotStorable(Refused):
    """A text has a character that a database cannot hold."""

    code = "TEXT_NOT_STORABLE"


class StoreUnavailable(DeputizeError):
    """The database does not answer, or cannot write; it may be tried again."""

    code = "STORE_UNAVAILABLE"


class ProjectNotFound(Misconfigured):
    """No ``deputize.toml`` where one was looked for."""

    code = "PROJECT_NOT_FOUND"


class ProjectInvalid(Misconfigured):
    """``deputize.toml`` cannot be read, or holds a key or value that means nothing."""

    code = "PROJECT_INVALID"


class StandInInvalid(Misconfigured):
    """A file of canned routes is missing or cannot be read."""

    code = "STAND_IN_INVALID"


class JailMissing(Misconfigured):
    """This machine cannot confine a script, so none is run."""

    code = "JAIL_UNAVAILABLE"


class ExtraMissing(Misconfigured):
    """What was asked for needs packages that come with an extra of this product."""

    code = "EXTRA_MISSING"

    @classmethod
    def of(cls, error: ModuleNotFoundError) -> "ExtraMissing | None":
        """Return which extra brings the module that *error* misses; None when none does."""
        module = (error.name or "").partition(".")[0]
        extra = _EXTRAS.get(module)
        if extra is None:
            return None
        return cls(
            f"this needs the package {module}, which is not installed. "
            f'Install the extra that brings it: pip install "deputize[{extra}]".'
        )


#: The extra that brings each package which is not always there.
_EXTRAS = {
    "alembic": "server",
    "authlib": "server",
    "cryptography": "server",
    "fastapi": "server",
    "itsdangerous": "server",
    "jinja2": "server",
    "joserfc": "server",
    "limits": "server",
    "prometheus_client": "server",
    "psycopg": "postgres",
    "pwdlib": "server",
}


def did_you_mean(value: str, known: Iterable[str]) -> str:
    """Return `` Did you mean "x"?`` for the nearest of *known*, or an empty text."""
    nearest = get_close_matches(value, list(known), n=1, cutoff=0.6)
    return f' Did you mean "{nearest[0]}"?' if nearest else ""


def shown(value: str, *, limit: int = 100) -> str:
    """Return *value* fit for a message: printable, and no longer than *limit* characters."""
    cut = value if len(value) <= limit else value[:limit] + "…"
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in cut)
