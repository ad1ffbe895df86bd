"""Why an act was refused.

::

    Refused
    ├── NotPermitted      the actor has not the right; ``denial`` says what is missing
    ├── NotFound          there is no such thing, or none that belongs there
    ├── SenderUnknown     a message is from nobody, or may be from several people
    ├── FormUnknown       a message names no form, or one that is not there
    ├── NotReplayable     there is nothing that could do again what the run did
    ├── CallNotSettled    nobody has said what became of a call that was under way
    ├── Conflict          it does not go with the present state
    ├── MethodRequired    the integration cannot be edited until a method is chosen
    ├── SwitchUnconfirmed what a shadow found, or did not, speaks against the switch
    ├── Invalid           a value cannot be used; ``faults`` says which, and why
    └── TooBusy           it may be done, but not now; ``retry_after`` says when
"""

from dataclasses import dataclass

from deputize.domain.decision import Denial, Grant
from deputize.errors import Refused, shown


class NotPermitted(Refused):
    """The actor has not the right to do this."""

    code = "NOT_PERMITTED"

    def __init__(self, denial: Denial) -> None:
        super().__init__(denial.reason)
        self.denial = denial


class NotFound(Refused):
    """What was named is not there."""

    code = "NOT_FOUND"

    def __init__(self, what: str, key: str) -> None:
        super().__init__(f'There is no {what} "{shown(key)}".')


class SenderUnknown(Refused):
    """The sender of a message is not one active user."""

    code = "SENDER_UNKNOWN"


class FormUnknown(Refused):
    """A message names no form, or more than one goes by the name."""

    code = "FORM_UNKNOWN"


class NotReplayable(Refused):
    """A run cannot be replayed live, whoever asks."""

    code = "NOT_REPLAYABLE"


class CallNotSettled(Refused):
    """Of a run that is to be resumed, it is not known what became of each of its calls."""

    code = "CALL_NOT_SETTLED"


class Conflict(Refused):
    """What was asked for does not go with what is there."""

    code = "CONFLICT"


class MethodRequired(Refused):
    """An inbound integration without a method is locked until one is chosen."""

    code = "METHOD_REQUIRED"


class SwitchUnconfirmed(Refused):
    """Something speaks against giving the integration a method, and nobody has said that it may be so."""

    code = "SWITCH_UNCONFIRMED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A value that cannot be used."""

    #: Where it stands in what was sent, as a JSON Pointer: ``/access/roles/0``.
    pointer: str
    #: A sentence: what is wrong with it, and what to do.
    detail: str


class Invalid(Refused):
    """One or more values cannot be used."""

    code = "INVALID"

    def __init__(self, *faults: Fault) -> None:
        super().__init__(" ".join(f"{each.pointer}: {each.detail}" for each in faults))
        self.faults = faults


class TooBusy(Refused):
    """More is asked for than can be done at a time."""

    code = "BUSY"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too much is under way. Try again in {retry_after} seconds.")
        #: Seconds.
        self.retry_after = retry_after


def require(decision: Grant | Denial) -> None:
    """Raise ``NotPermitted`` when *decision* is a denial."""
    if isinstance(decision, Denial):
        raise NotPermitted(decision)
