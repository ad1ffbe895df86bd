"""One authenticated request, with all that is needed to judge and answer it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import TypeAlias, TypeVar

from pydantic import BaseModel, JsonValue, ValidationError
from starlette.requests import Request

from deputize.domain.decision import Denial, Grant
from deputize.domain.person import Person
from deputize.platform.embedded.permissions import Holder, Rules
from deputize.platform.embedded.problems import Problem, not_one_of, require, unfit
from deputize.store import Transaction

_Body = TypeVar("_Body", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request of *actor*, judged by the *rules* of this moment, inside one transaction."""

    actor: Person
    rules: Rules
    store: Transaction
    now: datetime
    request: Request
    content: bytes = field(repr=False)

    @property
    def holder(self) -> Holder:
        """The actor as permissions see them."""
        return Holder.of(self.actor)

    @property
    def key(self) -> str:
        """The id or name in the path."""
        return str(self.request.path_params["key"])

    def require(self, decision: Grant | Denial) -> None:
        """Raise the 403 when *decision* is a denial."""
        require(decision, initiator=self.actor.target_name)

    def body(self, model: type[_Body]) -> _Body:
        """Return the body as *model*; raises a 415 for what is not JSON, a 400 for what does not fit."""
        kind = self.request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise Problem(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                f'The body must be JSON, with "Content-Type: application/json"; it came as "{kind}".',
            )
        try:
            return model.model_validate_json(self.content)
        except ValidationError as error:
            raise unfit(error) from None

    def listed(self, name: str, valid: Sequence[str]) -> frozenset[str]:
        """Return the comma-separated values of the query parameter *name*.

        Raises a 400 for one that is not *valid*.
        """
        values = frozenset(filter(None, self.request.query_params.get(name, "").split(",")))
        for value in sorted(values - set(valid)):
            raise not_one_of(name, value, valid)
        return values


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back: a JSON body, 200 unless said otherwise."""

    body: JsonValue
    status: int = HTTPStatus.OK


Handler: TypeAlias = Callable[[Call], Awaitable[Answer]]
