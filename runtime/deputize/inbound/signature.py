"""Signed requests: a person's signing secret for one integration, proved without being sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from deputize.credentials.authenticators import Accounts
from deputize.credentials.keys import KeyHasher
from deputize.credentials.signing_secrets import SigningSecrets
from deputize.domain.keys import SigningSecret
from deputize.domain.signature import SignatureScheme
from deputize.inbound.answers import CallerRefused, signature_expired, unauthenticated
from deputize.inbound.identified import Identified, SignedBy, UsedKey
from deputize.inbound.received import ReceivedRequest
from deputize.inbound.signed import SignedMessage, Unsigned, read_signed
from deputize.store import Database, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class _Expected:
    """How requests to an integration are signed now, and with what."""

    #: None: its method is another one, or there is none such.
    scheme: SignatureScheme | None
    live: tuple[SigningSecret, ...]
    now: datetime


async def identify(
    request: ReceivedRequest,
    *,
    integration_id: str,
    signing: SigningSecrets,
    hasher: KeyHasher,
    accounts: Accounts,
    database: Database,
) -> Identified | CallerRefused:
    """Return whose secret *request* was signed with, or why nobody's; the work is the same for every one."""
    expected = await database.read(lambda store: _expected(store, integration_id))
    scheme = expected.scheme
    message = Unsigned(why="no credential") if scheme is None else read_signed(request, scheme)
    signers = await signing.signers(
        expected.live, None if isinstance(message, Unsigned) else message.content, request.body
    )
    if isinstance(message, Unsigned):
        return unauthenticated(message.why)
    if len({each.subject for each in signers}) != 1:
        # Of several people it could be either: none is assumed.
        return unauthenticated(f"a signature by the live secrets of {len(signers)} people at the integration")
    signer = signers[0]
    account = await database.read(lambda store: accounts.account(store, signer.subject))
    if account is None:
        return unauthenticated("a signature by the secret of somebody who is not active")
    if scheme is not None and _is_off(message, scheme, expected.now):
        return signature_expired(f"a signature of {account.name}'s, whose time is {message.at}")
    return Identified(
        account=account,
        via="signature",
        methods=frozenset({"signature"}),
        used=UsedKey(kind="signing secret", id=signer.id),
        signed=SignedBy.of(message, body=request.body, subject=signer.subject, hasher=hasher),
    )


async def _expected(store: Transaction, integration_id: str) -> _Expected:
    integration = await store.integrations.get(integration_id)
    # Asked for nothing as well: what is not there costs what is there does.
    live = await store.signatures.live_secrets(integration_id, now=store.now)
    if integration is None or integration.method != "signature" or integration.signature is None:
        return _Expected(scheme=None, live=(), now=store.now)
    scheme = SignatureScheme.of(integration.signature)
    return _Expected(scheme=scheme, live=tuple(live), now=store.now)


def _is_off(message: SignedMessage, scheme: SignatureScheme, now: datetime) -> bool:
    return message.at is not None and abs(now - message.at) > timedelta(seconds=scheme.tolerance)
