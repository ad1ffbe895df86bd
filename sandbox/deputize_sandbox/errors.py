"""What the sandbox raises.

```
SandboxError
├── JailUnavailable      this machine cannot confine scripts: whoever runs it must act
├── ZygoteFailed         the process that forks guests did not start, or not again
├── GuestUnavailable     a guest could not be forked or confined; nothing of its script was executed
├── SandboxClosed        used outside its ``async with`` block
└── ProtocolViolation    a guest's bytes are no frame; never leaves the sandbox, see ``Crashed``
```
What a script does wrong is an ``Outcome`` or a ``Rejected``, never one of these.
"""

from deputize_sandbox.jail.report import JailReport


class SandboxError(Exception):
    """Whatever keeps the sandbox from doing its work."""

    code = "SANDBOX_ERROR"


class JailUnavailable(SandboxError):
    """A layer of the jail cannot be built or does not hold here; *report* lists all of them."""

    code = "JAIL_UNAVAILABLE"

    def __init__(self, message: str, *, report: JailReport) -> None:
        super().__init__(message)
        self.report = report


class ZygoteFailed(SandboxError):
    """The process that forks guests ended before it was ready."""

    code = "ZYGOTE_FAILED"


class GuestUnavailable(SandboxError):
    """A guest could not be forked, or not be confined. Nothing of its script was executed."""

    code = "GUEST_UNAVAILABLE"


class SandboxClosed(SandboxError):
    """The sandbox was used outside its ``async with`` block."""

    code = "SANDBOX_CLOSED"


class ProtocolViolation(SandboxError):
    """A guest sent what is no frame, or not this one now."""

    code = "PROTOCOL_VIOLATION"
