"""One authenticated request, with all that is needed to judge and answer it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TypeAlias, TypeVar

from pydantic import BaseModel, JsonValue, TypeAdapter, ValidationError
from starlette.datastructures import QueryParams
from starlette.requests import Request

from deputize.domain.decision import Denial, Grant
from deputize.domain.event import EventChange
from deputize.domain.person import Person
from deputize.domain.standing import Standing
from deputize.outbound import set_off
from deputize.platform.embedded.permissions import Holder, Rules
from deputize.platform.embedded.rest.bodies import read_body
from deputize.platform.embedded.rest.callers import Caller
from deputize.platform.embedded.rest.problems import Detail, Problem, invalid, not_one_of, require
from deputize.platform.embedded.scripts import Draft
from deputize.store import Transaction

_Body = TypeVar("_Body", bound=BaseModel)

_MOMENT = TypeAdapter(datetime)


class CheckFirst(Exception):
    """*draft* must be checked before the request can be answered, and not in a transaction."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft.name)
        self.draft = draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request of *caller*, judged by the *rules* of this moment, inside one transaction."""

    caller: Caller
    rules: Rules
    store: Transaction
    request: Request
    #: What is known to be wrong with scripts.
    checked: Mapping[Draft, Sequence[str]]
    content: bytes = field(repr=False)
    #: The runs that were set off; the queue is told of them after the commit.
    runs: list[str] = field(default_factory=list)
    #: The names of recipients whom an event that was started does not reach.
    left_out: list[str] = field(default_factory=list)

    @property
    def actor(self) -> Person:
        """The person in whose name the request is made."""
        return self.caller.person

    @property
    def now(self) -> datetime:
        """The moment at which the transaction began."""
        return self.store.now

    @property
    def holder(self) -> Holder:
        """The actor as permissions see them."""
        return Holder.of(self.actor)

    @property
    def standing(self) -> Standing:
        """The actor as decisions about plans see them."""
        return self.rules.standing(self.actor)

    @property
    def query(self) -> QueryParams:
        """The parameters of the query."""
        return self.request.query_params

    @property
    def path(self) -> str:
        """The path of the request, for links."""
        return self.request.url.path

    @property
    def key(self) -> str:
        """The id or name in the path."""
        return self.part("key")

    def part(self, name: str) -> str:
        """Return the part of the path that the route calls *name*."""
        return str(self.request.path_params[name])

    def require(self, decision: Grant | Denial) -> None:
        """Raise the 403 when *decision* is a denial."""
        require(decision, initiator=self.actor.target_name)

    async def happened(self, change: EventChange) -> None:
        """Set off what is bound to *change*, which is kept in the same transaction."""
        chain = change.event.chain if self.caller.run is None else self.caller.run.chain
        self.runs.extend(await set_off(self.store, change, chain=chain))

    def require_sound(self, draft: Draft) -> None:
        """Raise a 400 for a script that cannot be run, ``CheckFirst`` for one of which it is not known."""
        if draft not in self.checked:
            raise CheckFirst(draft)
        faults = self.checked[draft]
        if faults:
            raise Problem(
                HTTPStatus.BAD_REQUEST,
                f"The script cannot be run. {' '.join(faults)}",
                subcode="validation.script.rejected",
                arguments=[draft.name],
                details=[Detail(path="script", text=each) for each in faults],
            )

    def body(self, model: type[_Body]) -> _Body:
        """Return the body as *model*; raises a 415 for what is not JSON, a 400 for what does not fit."""
        kind = self.request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise Problem(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                f'The body must be JSON, with "Content-Type: application/json"; it came as "{kind}".',
            )
        return read_body(model, self.content)

    def listed(self, name: str, valid: Sequence[str] | None = None) -> frozenset[str]:
        """Return the comma-separated values of the query parameter *name*.

        Raises a 400 for one that is not *valid*.
        """
        values = frozenset(filter(None, self.query.get(name, "").split(",")))
        if valid is not None:
            for value in sorted(values - set(valid)):
                raise not_one_of(name, value, valid)
        return values

    def chosen(self, name: str, valid: Sequence[str]) -> str:
        """Return the query parameter *name*, by default the first of *valid*; raises a 400 for another."""
        value = self.query.get(name, valid[0])
        if value not in valid:
            raise not_one_of(name, value, valid)
        return value

    def moment(self, name: str) -> datetime | None:
        """Return the moment that the query parameter *name* gives; raises a 400 for what is none.

        One without a zone is in UTC.
        """
        text = self.query.get(name)
        if not text:
            return None
        try:
            # A plus sign that was not encoded came as a space.
            given = _MOMENT.validate_strings(text.replace(" ", "+"))
            return given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)
        except (ValidationError, OverflowError):
            raise invalid(name, text, "a moment in ISO 8601, such as 2018-04-17T20:02:47Z") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back: a JSON body, 200 unless said otherwise; none with a 204."""

    body: JsonValue = None
    status: int = HTTPStatus.OK


NOTHING_THERE = Answer(status=HTTPStatus.NO_CONTENT)

Handler: TypeAlias = Callable[[Call], Awaitable[Answer]]
