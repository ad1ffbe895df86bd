"""Which runs the activity page shows: what its filters say, which stand in its address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import Depends
from starlette.requests import Request

from deputize.domain.run import RunState
from deputize.domain.start import TRIGGERS
from deputize.domain.stored_run import RunFilter
from deputize.server.problems import Misplaced, Problem

#: Of "result": something was refused.
REFUSED: Final = "refused"
RESULTS: Final = (REFUSED, *(each.value for each in RunState))
SPANS: Final[Mapping[str, timedelta]] = {
    "15m": timedelta(minutes=15),
    "1h": timedelta(hours=1),
    "24h": timedelta(days=1),
    "7d": timedelta(days=7),
}
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityQuery:
    """The filters; an empty one asks for nothing."""

    #: The id of an integration.
    integration: str = ""
    #: The name of an initiator.
    initiator: str = ""
    #: One of ``RESULTS``.
    result: str = ""
    #: One of those of a run.
    trigger: str = ""
    text: str = ""
    #: One of ``SPANS``.
    last: str = ""

    @property
    def given(self) -> dict[str, str]:
        """The filters that ask for something, by name."""
        named = {
            "integration": self.integration,
            "initiator": self.initiator,
            "result": self.result,
            "trigger": self.trigger,
            "text": self.text,
            "last": self.last,
        }
        return {name: value for name, value in named.items() if value}

    def wanted(self, now: datetime, *, ids: frozenset[str] | None = None) -> RunFilter:
        """Return the runs that are asked for *now*; with *ids* only those of them."""
        state = None if self.result in ("", REFUSED) else RunState(self.result)
        return RunFilter(
            integration_id=self.integration or None,
            initiator=self.initiator or None,
            state=state,
            refused=self.result == REFUSED,
            trigger=self.trigger or None,
            text=self.text or None,
            ids=ids,
            since=now - SPANS[self.last] if self.last else None,
        )


def _asked_for(request: Request) -> ActivityQuery:
    given = request.query_params
    query = ActivityQuery(
        **{name: given.get(name, "").strip() for name in ActivityQuery.__dataclass_fields__}
    )
    allowed = {"result": RESULTS, "trigger": TRIGGERS, "last": tuple(SPANS)}
    faults = [
        Misplaced(place="parameter", name=name, detail=f"{name} is one of {', '.join(allowed[name])}.")
        for name, value in query.given.items()
        if name in allowed and value not in allowed[name]
    ]
    faults += [
        Misplaced(place="parameter", name=name, detail=f"{name} is too long, or holds a NUL.")
        for name, value in query.given.items()
        if len(value) > _LONGEST or "\0" in value
    ]
    if faults:
        raise Problem("INVALID", "The filters in the address cannot be used; see below.", faults=faults)
    return query


Asked = Annotated[ActivityQuery, Depends(_asked_for)]
