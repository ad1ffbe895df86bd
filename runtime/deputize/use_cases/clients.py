"""What clients of OAuth are like: what may be said of one, and how one is found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, get_args

from deputize.authorisation import decide_function
from deputize.domain.functions import ADMIN
from deputize.domain.oauth import GrantType, OAuthClient
from deputize.domain.redirect_uri import unfit
from deputize.domain.scope import SCOPES
from deputize.domain.standing import Standing
from deputize.errors import did_you_mean
from deputize.store import Transaction
from deputize.use_cases.errors import Fault, Invalid, NotFound, require
from deputize_client import Secret

GRANT_TYPES: Final[tuple[GrantType, ...]] = get_args(GrantType)
#: Characters of a name.
LONGEST_NAME: Final = 100
MOST_REDIRECT_URIS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedClient:
    """A client as people say it: nothing has been looked at."""

    name: str
    redirect_uris: Sequence[str]
    grants: Sequence[str]
    scope: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenClient:
    """A client, and the name of who registered it."""

    client: OAuthClient
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientWithSecret:
    """A client with a new secret, the only time that it is there."""

    seen: SeenClient
    #: None for a public client.
    secret: Secret | None


def require_clients(standing: Standing, *, what: str) -> None:
    """Raise ``NotPermitted`` unless *standing* administers clients; *what* completes "may"."""
    require(decide_function(standing, ADMIN, what=what))


async def find_client(tx: Transaction, client_id: str) -> OAuthClient:
    """Return the client of that id."""
    client = await tx.oauth.client(client_id)
    if client is None:
        raise NotFound("client", client_id)
    return client


async def seen_client(tx: Transaction, client: OAuthClient) -> SeenClient:
    """Return *client* as people see it."""
    person = await tx.people.get(client.created_by)
    return SeenClient(client=client, created_by=client.created_by if person is None else person.target_name)


def refuse_unfit(client: NamedClient) -> None:
    """Raise ``Invalid`` with everything that is wrong with *client*."""
    faults = [
        *_name_faults(client.name),
        *_redirect_faults(client),
        *_unknown("/grants", client.grants, GRANT_TYPES),
        *_unknown("/scope", client.scope, sorted(SCOPES)),
    ]
    if not set(client.grants) - {"refresh_token"}:
        faults.append(
            Fault(pointer="/grants", detail="Name authorization_code or password: a refresh comes after one.")
        )
    if not client.scope:
        faults.append(
            Fault(pointer="/scope", detail=f"Name what may be granted to it: {', '.join(sorted(SCOPES))}.")
        )
    if faults:
        raise Invalid(*faults)


def _name_faults(name: str) -> list[Fault]:
    if not name.strip() or len(name) > LONGEST_NAME:
        return [Fault(pointer="/name", detail=f"A name has 1 to {LONGEST_NAME} characters.")]
    if not name.isprintable():
        # People decide by it: what is not seen must not change what they read.
        return [Fault(pointer="/name", detail="A name has no control or invisible characters.")]
    return []


def _redirect_faults(client: NamedClient) -> list[Fault]:
    if "authorization_code" in client.grants and not client.redirect_uris:
        return [
            Fault(
                pointer="/redirect_uris",
                detail="Name where people are sent back to: the grant authorization_code needs it.",
            )
        ]
    if len(client.redirect_uris) > MOST_REDIRECT_URIS:
        return [Fault(pointer="/redirect_uris", detail=f"There are at most {MOST_REDIRECT_URIS}.")]
    found = [(index, unfit(uri)) for index, uri in enumerate(client.redirect_uris)]
    return [Fault(pointer=f"/redirect_uris/{index}", detail=why) for index, why in found if why is not None]


def _unknown(where: str, given: Sequence[str], known: Sequence[str]) -> list[Fault]:
    return [
        Fault(
            pointer=f"{where}/{index}",
            detail=f"It is none of {', '.join(known)}.{did_you_mean(each, known)}",
        )
        for index, each in enumerate(given)
        if each not in known
    ]
