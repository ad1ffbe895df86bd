"""What a client asks a person for: read, and judged by what the client may (RFC 6749 §4.1.1, RFC 7636).

Nobody is sent anywhere before it is certain that the address belongs to the client: until then a refusal
is for the person. PKCE with S256 is needed by every client, confidential ones too (RFC 9700 §2.1.1): a
code that somebody else brings is of no use.
"""

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

from deputize.domain.oauth import OAuthClient
from deputize.domain.redirect_uri import is_among, with_answer
from deputize.domain.scope import Scope
from deputize.oauth.parameters import Parameters
from deputize.oauth.refusals import Refusal, invalid_request
from deputize.oauth.scopes import read_scope

#: A SHA-256 in base64url (RFC 7636 §4.2).
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
#: What a client may write there (RFC 6749 §A.5), and how much that we send back.
_STATE: Final = re.compile(r"[ -~]{1,2000}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """What a person is asked for."""

    client_id: str
    #: One of the client's.
    redirect_uri: str
    scope: Scope
    #: The client's own, sent back as it is.
    state: str | None
    #: The S256 code challenge.
    challenge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A refusal that the person sees: nobody is sent to an address that may be somebody else's."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SentBack:
    """The person is sent back to the client with an answer."""

    location: str


Read: TypeAlias = AuthorizationRequest | Shown | SentBack


def read_request(parameters: Parameters, client: OAuthClient | None, *, issuer: str) -> Read:
    """Return what *parameters* ask for; *client* is the enabled one that they name."""
    redirect_uri = parameters.get("redirect_uri", "")
    unfit = unfit_client(client, redirect_uri)
    if client is None or unfit is not None:
        return unfit or UNKNOWN_CLIENT
    state = parameters.get("state")
    if state is not None and _STATE.fullmatch(state) is None:
        refusal = invalid_request("state holds something else than printable ASCII, or is too long.")
        return send_back(redirect_uri, refusal, state=None, issuer=issuer)
    scope = read_scope(parameters.get("scope"), most=client.scope)
    refusal_of = _unfit(parameters, client)
    if refusal_of is not None:
        return send_back(redirect_uri, refusal_of, state=state, issuer=issuer)
    if isinstance(scope, Refusal):
        return send_back(redirect_uri, scope, state=state, issuer=issuer)
    return AuthorizationRequest(
        client_id=client.id,
        redirect_uri=redirect_uri,
        scope=scope,
        state=state,
        challenge=parameters["code_challenge"],
    )


UNKNOWN_CLIENT: Final = Shown(why="The application that sent you here is not known, or is disabled.")
_ELSEWHERE: Final = Shown(
    why="The address that you would be sent back to is not one of the application that sent you here."
)


def unfit_client(client: OAuthClient | None, redirect_uri: str) -> Shown | None:
    """Return why nobody is sent to *redirect_uri* for *client*; None when it is one of its own."""
    if client is None or not client.enabled:
        return UNKNOWN_CLIENT
    return None if is_among(redirect_uri, client.redirect_uris) else _ELSEWHERE


def send_back(
    redirect_uri: str, answer: Refusal | dict[str, str], *, state: str | None, issuer: str
) -> SentBack:
    """Return the way back with *answer*, the client's *state*, and who answers (RFC 9207)."""
    members = answer.members() if isinstance(answer, Refusal) else answer
    told = members if state is None else {**members, "state": state}
    return SentBack(location=with_answer(redirect_uri, {**told, "iss": issuer}))


def _unfit(parameters: Parameters, client: OAuthClient) -> Refusal | None:
    response_type = parameters.get("response_type")
    checks = (
        (response_type is not None, invalid_request("response_type is missing. It is code.")),
        (
            response_type == "code",
            Refusal(error="unsupported_response_type", description="The one response_type here is code."),
        ),
        (
            "authorization_code" in client.grants,
            Refusal(error="unauthorized_client", description="The client may not use authorization_code."),
        ),
        (
            parameters.get("response_mode", "query") == "query",
            invalid_request("The one response_mode here is query."),
        ),
        (
            parameters.get("code_challenge_method") == "S256",
            invalid_request("PKCE is needed: send code_challenge_method=S256."),
        ),
        (
            _CHALLENGE.fullmatch(parameters.get("code_challenge", "")) is not None,
            invalid_request("code_challenge is missing, or is no SHA-256 in base64url."),
        ),
    )
    return next((refusal for holds, refusal in checks if not holds), None)
