"""Endpoints and secrets of a plan, or of every plan, as they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from pydantic import JsonValue

#: The scope of what every plan has; any other scope is the id of a plan.
EVERY_PLAN: Final = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEndpoint:
    """A named address with its authentication."""

    scope: str
    name: str
    definition: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedSecret:
    """A secret, sealed, and the endpoints that it may be sent to."""

    scope: str
    name: str
    endpoints: frozenset[str]
    sealed: bytes = field(repr=False)
    changed: datetime
