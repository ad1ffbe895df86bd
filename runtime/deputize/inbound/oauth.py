"""Access tokens: an application calls for the person who let it, as far as they let it."""

from deputize.credentials.bearer_tokens import BearerTokens
from deputize.credentials.compact_jws import TokenRefused
from deputize.credentials.key_sets import KeysUnavailable
from deputize.inbound.answers import CallerRefused, invalid_token, later
from deputize.inbound.identified import Identified
from deputize.inbound.presented import PresentedAccessToken
from deputize.store import Database

_RETRY_SECONDS = 60


async def identify(
    presented: PresentedAccessToken, *, bearer: BearerTokens, database: Database
) -> Identified | CallerRefused:
    """Return whose token it is, or the answer, which is the same for whatever is wrong with it."""
    proved = await bearer.prove(presented.token.reveal())
    if isinstance(proved, KeysUnavailable):
        return later(
            "ISSUER_UNAVAILABLE",
            "The server that issued the access token does not answer, so it cannot be verified now.",
            retry_after=_RETRY_SECONDS,
            operator_detail=proved.why,
        )
    if isinstance(proved, TokenRefused):
        return invalid_token(proved.why)
    verified = await database.read(lambda store: bearer.judge(store, proved))
    if isinstance(verified, TokenRefused):
        return invalid_token(verified.why)
    return Identified(
        account=verified.account, via="oauth", methods=frozenset({"oauth"}), scope=verified.scope
    )
