"""The token of a run: a script calls, and with it the run's initiator."""

from deputize.credentials.authenticators import RunTokens
from deputize.domain.legacy import LEGACY
from deputize.inbound.identified import Identified
from deputize.inbound.presented import PresentedRunToken


async def identify(presented: PresentedRunToken, *, tokens: RunTokens) -> Identified | None:
    """Return who is behind the run that the token was issued for, and what led to that run."""
    caller = await tokens.run_caller(presented.token.reveal())
    if caller is None:
        return None
    return Identified(
        account=caller.account,
        # What a legacy run sets off is legacy as well: nobody who called has proved to be its initiator.
        via=LEGACY if caller.legacy else "run-token",
        methods=frozenset({"basic", "oauth"}),
        chain=caller.chain,
        scope=caller.scope,
    )
