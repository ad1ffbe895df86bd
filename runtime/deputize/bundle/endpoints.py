"""The endpoints of a recorded run, as a replay needs them: without any credential."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from deputize.activity.entries import SentAs
from deputize.bundle.file import Bundle
from deputize_client import (
    AsInitiator,
    Authentication,
    BearerAuthentication,
    Endpoint,
    NoAuthentication,
    Secret,
)


class _Place(BaseModel):
    """What a bundle has of an endpoint."""

    model_config = ConfigDict(extra="forbid")

    base_url: str
    sent_as: SentAs
    methods: frozenset[str] | None
    paths: tuple[str, ...] | None
    #: Left out of bundles of endpoints that do not tell repeated calls.
    idempotency: Literal["key"] | None = None


def recorded_endpoints(bundle: Bundle) -> dict[str, Endpoint]:
    """Return the endpoints of *bundle*, the platform among them. Raises ``ValueError`` for what is none."""
    return {
        name: _endpoint(name, _Place.model_validate(place)) for name, place in bundle.head.endpoints.items()
    }


def _endpoint(name: str, place: _Place) -> Endpoint:
    return Endpoint(
        name=name,
        base_url=place.base_url,
        authentication=_authentication(place.sent_as),
        methods=place.methods,
        paths=place.paths,
        knows_idempotency_keys=place.idempotency == "key",
    )


def _authentication(sent_as: SentAs) -> Authentication:
    match sent_as:
        case "initiator":
            return AsInitiator()
        case "service":
            # What a script may not send beside a stored credential depends on there being one.
            return BearerAuthentication(Secret("recorded", "recorded"))
        case "anonymous":
            return NoAuthentication()
