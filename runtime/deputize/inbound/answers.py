"""What becomes of an inbound request: values, of which the server makes answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from deputize.credentials.passwords import Busy
from deputize.credentials.throttle import Throttled
from deputize.domain.decision import Denial, Explanation
from deputize.domain.event import Chain
from deputize.domain.integration import Integration
from deputize.domain.legacy import LegacyTerms
from deputize.domain.principal import Principal
from deputize.inbound.identified import SignedBy, UsedKey

#: Why a request was refused: the server knows which status goes with each.
RefusalCode: TypeAlias = Literal[
    "BUSY",
    "CHAIN_CYCLE",
    "CHAIN_TOO_DEEP",
    "CREDENTIALS_AMBIGUOUS",
    "IDEMPOTENCY_KEY_REUSED",
    "INSUFFICIENT_SCOPE",
    "ISSUER_UNAVAILABLE",
    "MEDIA_TYPE_REFUSED",
    "NOT_FOUND",
    "NOT_PERMITTED",
    "PASSWORD_EXPIRED",
    "RATE_LIMITED",
    "REQUEST_UNREADABLE",
    "SIGNATURE_EXPIRED",
    "SIGNATURE_REPLAYED",
    "THROTTLED",
    "UNAUTHENTICATED",
]

#: The same for every address, so that it tells nothing about one.
_CHALLENGE: Final = 'Basic realm="Deputize", charset="UTF-8", Bearer realm="Deputize"'

_UNKNOWN: Final = "The request has no credential, or none that is accepted here."


@dataclass(frozen=True, slots=True, kw_only=True)
class Authenticated:
    """The caller is *principal*, by the method of *integration*."""

    principal: Principal
    #: That of the principal; what is decided is decided about this account.
    subject: str
    integration: Integration
    #: What led to the call, when a script makes it.
    chain: Chain = ()
    #: The key that was presented, for its date of last use.
    used: UsedKey | None = None
    #: Of a legacy integration: the terms by which the caller was let in. The *principal* is then whoever
    #: owns the plan's endpoint, and the *subject* stands for all that are let in so.
    terms: LegacyTerms | None = None
    #: What was signed, where a signature proved who calls.
    signed: SignedBy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerRefused:
    """Nothing was started. The code, the detail and the headers are all that the caller is told."""

    code: RefusalCode
    #: A sentence for the caller, which names nothing that it does not know.
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)
    #: What the caller lacks.
    needs: tuple[str, ...] = ()
    #: A sentence for the operator's log; never for the caller. It names no value of a credential.
    operator_detail: str = ""
    #: The DENIED run that shows it, where there is one.
    run_id: str | None = None
    #: For the stream of a script that calls; never for the caller. It may name others.
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The run is stored and will be taken up."""

    #: The id of the run, which the caller is told.
    request_id: str
    #: Whether it was accepted before, by a request with the same Idempotency-Key or id of a message.
    replayed: bool = False


def unauthenticated(operator_detail: str) -> CallerRefused:
    """Return the one answer to everybody who is not known: it does not depend on what is missing."""
    return CallerRefused(
        code="UNAUTHENTICATED",
        detail=_UNKNOWN,
        headers={"WWW-Authenticate": _CHALLENGE},
        operator_detail=operator_detail,
    )


def invalid_token(operator_detail: str) -> CallerRefused:
    """Return the answer to an access token that is good for nothing (RFC 6750 §3.1): the same, but for it."""
    return CallerRefused(
        code="UNAUTHENTICATED",
        detail=_UNKNOWN,
        headers={"WWW-Authenticate": f'{_CHALLENGE}, error="invalid_token"'},
        operator_detail=operator_detail,
    )


def insufficient_scope(name: str, denial: Denial, *, scope: str) -> CallerRefused:
    """Return the answer to *name*, whose access token was not granted *scope* (RFC 6750 §3.1)."""
    return CallerRefused(
        code="INSUFFICIENT_SCOPE",
        detail=denial.reason,
        headers={"WWW-Authenticate": f'Bearer realm="Deputize", error="insufficient_scope", scope="{scope}"'},
        needs=denial.needs,
        operator_detail=f"{denial.reason} It is {name}'s.",
        explanation=Explanation(
            initiator=name, needs=denial.needs, would_pass=denial.would_pass, source="platform"
        ),
    )


def ambiguous(detail: str) -> CallerRefused:
    """Return the answer to more than one credential, or one that stands in a wrong place."""
    return CallerRefused(
        code="CREDENTIALS_AMBIGUOUS",
        detail=detail,
        headers={"WWW-Authenticate": _CHALLENGE},
        operator_detail="more than one credential, or a misplaced one",
    )


def expired() -> CallerRefused:
    """Return the answer to a password that is right and has expired."""
    return CallerRefused(
        code="PASSWORD_EXPIRED",
        detail="The password has expired. Have it changed.",
        headers={"WWW-Authenticate": _CHALLENGE},
        operator_detail="an expired password",
    )


def signature_expired(operator_detail: str) -> CallerRefused:
    """Return the answer to a signature that is right, of a time that is too far from this one."""
    return CallerRefused(
        code="SIGNATURE_EXPIRED",
        detail="The signature is right, and its time is too far from the server's. Sign the request anew.",
        headers={"WWW-Authenticate": _CHALLENGE},
        operator_detail=operator_detail,
    )


def signature_replayed(run_id: str | None) -> CallerRefused:
    """Return the answer to a signed request that has come before, and started a run then."""
    return CallerRefused(
        code="SIGNATURE_REPLAYED",
        detail="This signed request has been accepted before. Nothing was started.",
        operator_detail=f"the signed request that run {run_id} came of, once more",
    )


def unknown_integration(operator_detail: str) -> CallerRefused:
    """Return the answer to a known caller who asks for what is not there."""
    return CallerRefused(
        code="NOT_FOUND", detail="There is no such integration.", operator_detail=operator_detail
    )


def later(code: RefusalCode, detail: str, *, retry_after: int, operator_detail: str) -> CallerRefused:
    """Return the answer to a request that may be made again after *retry_after* seconds."""
    return CallerRefused(
        code=code,
        detail=detail,
        headers={"Retry-After": str(retry_after)},
        operator_detail=operator_detail,
    )


def throttled(answer: Throttled) -> CallerRefused:
    """Return the answer to a password that was not looked at, after too many wrong ones."""
    return later(
        "THROTTLED",
        "There were too many wrong passwords for this account or from this address.",
        retry_after=answer.retry_after,
        operator_detail=f"throttled after too many failures of one {answer.of}",
    )


def busy(answer: Busy) -> CallerRefused:
    """Return the answer to a password that was not looked at for want of room."""
    return later(
        "BUSY",
        "Too many passwords wait to be verified.",
        retry_after=answer.retry_after,
        operator_detail="no room to verify a password",
    )


def unreadable(code: RefusalCode, detail: str) -> CallerRefused:
    """Return the answer to a request that does not follow HTTP, or has a body of no use."""
    return CallerRefused(code=code, detail=detail, operator_detail=detail)
