"""Which events are searched for by their properties."""

import json
from collections.abc import Callable, Sequence

from pydantic import JsonValue
from starlette.datastructures import QueryParams

from deputize.domain.event import Event
from deputize.platform.embedded.rest.problems import invalid
from deputize.platform.embedded.rest.trigger_body import LANGUAGE


def wanted_properties(query: QueryParams) -> Callable[[Event], bool] | None:
    """Return whether an event has what ``propertyName`` and ``propertyValue`` pair, comma-separated.

    None when no properties are asked for.
    """
    given = [query.get(each) for each in ("propertyName", "propertyValue")]
    if given == [None, None]:
        return None
    names, values = ([] if each is None else each.split(",") for each in given)
    if len(names) != len(values):
        raise invalid(
            "propertyValue",
            given[1] or "",
            f"one value for each propertyName, of which there are {len(names)}",
        )
    pairs = list(zip(names, values, strict=True))
    return lambda event: has_all(event, pairs)


def has_all(event: Event, pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether *event* has every one of *pairs* of a name, with or without its language, and a value."""
    return all(_has(event, name.removesuffix(LANGUAGE), value) for name, value in pairs)


def _has(event: Event, name: str, value: str) -> bool:
    if name not in event.properties:
        return False
    held = event.properties[name]
    return any(_text(each) == value for each in (held if isinstance(held, list) else [held]))


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value)
