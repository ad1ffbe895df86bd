"""Who looks on while a run makes its calls: tells nobody of the run, and is told everything."""

from typing import Protocol

from deputize_client import Exchange, OutboundRequest


class Watched(Protocol):
    """One call that is looked at."""

    def ended(self, exchange: Exchange) -> None:
        """Take what came of the call; the script has its answer in any case."""
        ...


class Observer(Protocol):
    """Looks at the calls of one run. Nothing that goes wrong here is told to the run."""

    async def begin(self, request: OutboundRequest, *, line: int | None) -> Watched:
        """Look at a call that is about to be made; *line* is the script's. It is made when this returns."""
        ...

    async def close(self) -> None:
        """Finish, while the run's credentials are still good; nothing is looked at from now on."""
        ...
