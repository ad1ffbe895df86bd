"""What the authorization server is made of.

Theory of operation. What clients and people ask of it is decided here, on the values of this product, in
one transaction to a decision: the code or the refresh token that somebody presents is used up in the same
transaction that gives the tokens, so that of two at once one wins. authlib's grants were read and not
taken for it: their hooks are synchronous and split that decision over several calls – look up, check,
generate, save, delete –, and they refuse by raising, which would undo what a refusal has to keep: that a
grant is revoked because its token came twice. Taken are authlib's code challenge (RFC 7636), its error
answers (RFC 6749) and its reading of server metadata (RFC 8414), which the tests hold ours against.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from deputize.credentials.access_tokens import AccessTokens
from deputize.credentials.authenticators import Accounts
from deputize.credentials.keys import KeyHasher
from deputize.credentials.password_gate import PasswordGate
from deputize.oauth.sealed_request import RequestSeal
from deputize.store import Database

#: From consent to exchange.
CODE_LIFETIME: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationServer:
    """Everything that it is given."""

    database: Database
    hasher: KeyHasher
    #: Whose passwords sign in.
    gate: PasswordGate
    accounts: Accounts
    #: Signs access tokens, and knows its own.
    tokens: AccessTokens
    seal: RequestSeal = field(repr=False)
    #: Who it is: the server's public address, never what a request says.
    issuer: str
    #: A client may turn a password into tokens (``[oauth] password_grant``).
    password_grant: bool
    #: Of a refresh token; each refresh brings a new one.
    refresh_lifetime: timedelta
    #: After how long a person is asked again, however often was refreshed.
    longest_grant: timedelta
