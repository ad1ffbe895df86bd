"""Column types that hold the domain's values, alike on both databases."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Dialect, Integer, String
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import TypeDecorator

from deputize.domain.group import Recurrence
from deputize.domain.plan import Access
from deputize.domain.run import RunState, RunUsage
from deputize.errors import TextNotStorable

#: Numbers the rows of a table. SQLite numbers a column of that very type only.
Position = BigInteger().with_variant(Integer, "sqlite")

#: PostgreSQL has no text with U+0000, and half of a surrogate pair is no UTF-8.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class _JsonAsText(sqlite.JSON):
    """JSON in a column of texts: SQLite makes a float of a large number that stands in any other."""


@compiles(_JsonAsText, "sqlite")
def _text(_type: _JsonAsText, _compiler: Any, **_more: Any) -> str:
    return "TEXT"


#: JSON; None is the database's own NULL.
Json = JSON(none_as_null=True).with_variant(_JsonAsText(none_as_null=True), "sqlite")


class _Unstorable(TextNotStorable, DontWrapMixin):
    """The same, and told to SQLAlchemy: pass it on as it is."""


class Text(TypeDecorator[str]):
    """A text of any length; what one of the databases cannot hold is refused by both."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Sort in PostgreSQL as SQLite does, by code points, whatever the language of the database."""
        return dialect.type_descriptor(_by_code_points(dialect))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Raise ``TextNotStorable`` for U+0000 and for half of a surrogate pair."""
        found = _UNSTORABLE.search(value) if value else None
        if found is not None:
            raise _Unstorable(
                f"A text has the character U+{ord(found[0]):04X} at place {found.start() + 1}, "
                "which cannot be stored. Leave it out."
            )
        return value


class Name(Text):
    """A text that rows are found by. An index of PostgreSQL takes so many characters and no more."""

    cache_ok = True

    def __init__(self, most: int = 255) -> None:
        super().__init__()
        self.most = most

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Sort as ``Text`` does."""
        return dialect.type_descriptor(_by_code_points(dialect, self.most))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Raise ``TextNotStorable`` for what is too long, and for what no text can have."""
        if value is not None and len(value) > self.most:
            raise _Unstorable(
                f"A name has {len(value)} characters, and {self.most} is the most that can be stored. "
                "Shorten it."
            )
        return super().process_bind_param(value, dialect)

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        """Compare with anything: what cannot be stored is the name of nothing."""
        return _Sought(self.most) if isinstance(value, str) else super().coerce_compared_value(op, value)


class _Sought(Name):
    """A name that is looked for."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return *value*, or a name that no row can have in place of one that no row can have."""
        if value is not None and (len(value) > self.most or _UNSTORABLE.search(value)):
            return " " * (self.most + 1)
        return value


def _by_code_points(dialect: Dialect, most: int | None = None) -> String:
    if dialect.name == "postgresql":
        return postgresql.VARCHAR(most, collation="C")
    return String(most)


class Moment(TypeDecorator[datetime]):
    """A moment, as ISO 8601 in UTC to the microsecond: texts sort as moments do."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Sort as ``Text`` does."""
        return dialect.type_descriptor(_by_code_points(dialect))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Return the text; a moment without a zone is a fault of this product."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Return the moment."""
        return None if value is None else datetime.fromisoformat(value)


class Words(TypeDecorator[tuple[str, ...]]):
    """Texts in order."""

    impl = Json
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> list[str] | None:
        """Return the texts as JSON."""
        return None if value is None else list(value)

    def process_result_value(self, value: list[str] | None, dialect: Dialect) -> tuple[str, ...] | None:
        """Return the texts."""
        return None if value is None else tuple(value)


class WordSet(TypeDecorator[frozenset[str]]):
    """Texts in no order."""

    impl = Json
    cache_ok = True

    def process_bind_param(self, value: frozenset[str] | None, dialect: Dialect) -> list[str] | None:
        """Return the texts as JSON, sorted."""
        return None if value is None else sorted(value)

    def process_result_value(self, value: list[str] | None, dialect: Dialect) -> frozenset[str] | None:
        """Return the texts."""
        return None if value is None else frozenset(value)


class Rights(TypeDecorator[Mapping[str, frozenset[str]]]):
    """Rights by the role that they are held on."""

    impl = Json
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, frozenset[str]] | None, dialect: Dialect) -> Any:
        """Return the rights as JSON."""
        return None if value is None else {role: sorted(rights) for role, rights in value.items()}

    def process_result_value(self, value: Any, dialect: Dialect) -> Mapping[str, frozenset[str]] | None:
        """Return the rights."""
        return None if value is None else {role: frozenset(rights) for role, rights in value.items()}


class Admitted(TypeDecorator[Access]):
    """Who has access."""

    impl = Json
    cache_ok = True

    def process_bind_param(self, value: Access | None, dialect: Dialect) -> Any:
        """Return who has access, as JSON."""
        if value is None:
            return None
        return {
            "everybody": value.everybody,
            "roles": sorted(value.roles),
            "people": sorted(value.people),
        }

    def process_result_value(self, value: Any, dialect: Dialect) -> Access | None:
        """Return who has access."""
        if value is None:
            return None
        return Access(
            everybody=value["everybody"],
            roles=frozenset(value["roles"]),
            people=frozenset(value["people"]),
        )


class State(TypeDecorator[RunState]):
    """The state of a run."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Sort as ``Text`` does."""
        return dialect.type_descriptor(_by_code_points(dialect))

    def process_bind_param(self, value: RunState | None, dialect: Dialect) -> str | None:
        """Return the state's name."""
        return None if value is None else value.value

    def process_result_value(self, value: str | None, dialect: Dialect) -> RunState | None:
        """Return the state."""
        return None if value is None else RunState(value)


class Repeated(TypeDecorator[Recurrence]):
    """When a shift begins again."""

    impl = Json
    cache_ok = True

    def process_bind_param(self, value: Recurrence | None, dialect: Dialect) -> Any:
        """Return the rule, as JSON."""
        if value is None:
            return None
        return {
            "frequency": value.frequency,
            "every": value.every,
            "days": sorted(value.days),
            "until": None if value.until is None else value.until.isoformat(),
            "times": value.times,
        }

    def process_result_value(self, value: Any, dialect: Dialect) -> Recurrence | None:
        """Return the rule."""
        if value is None:
            return None
        return Recurrence(
            frequency=value["frequency"],
            every=value["every"],
            days=frozenset(value["days"]),
            until=None if value["until"] is None else date.fromisoformat(value["until"]),
            times=value["times"],
        )


class Usage(TypeDecorator[RunUsage]):
    """What a run took."""

    impl = Json
    cache_ok = True

    def process_bind_param(self, value: RunUsage | None, dialect: Dialect) -> Any:
        """Return what it took, as JSON."""
        return None if value is None else asdict(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> RunUsage | None:
        """Return what it took."""
        return None if value is None else RunUsage(**value)
