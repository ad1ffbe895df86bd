"""What clients read about the server before they ask it for anything (RFC 8414, RFC 9728)."""

from typing import Final

from pydantic import JsonValue

from deputize.domain.scope import SCOPES
from deputize.oauth.authorization_server import AuthorizationServer

AUTHORIZE: Final = "/oauth2/authorize"
TOKEN: Final = "/oauth2/token"  # noqa: S105 - a path
#: Where the clients of earlier systems look for it.
FORMER_TOKEN: Final = "/api/xm/1/oauth2/token"  # noqa: S105 - a path
REVOKE: Final = "/oauth2/revoke"
INTROSPECT: Final = "/oauth2/introspect"
KEYS: Final = "/oauth2/jwks.json"

_WITH_SECRET: Final[list[JsonValue]] = ["client_secret_basic", "client_secret_post"]


def server_metadata(server: AuthorizationServer) -> dict[str, JsonValue]:
    """Return what the authorization server can, and where; every address begins with its issuer."""
    grants: list[JsonValue] = ["authorization_code", "refresh_token"]
    return {
        "issuer": server.issuer,
        "authorization_endpoint": server.issuer + AUTHORIZE,
        "token_endpoint": server.issuer + TOKEN,
        "revocation_endpoint": server.issuer + REVOKE,
        "introspection_endpoint": server.issuer + INTROSPECT,
        "jwks_uri": server.issuer + KEYS,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": [*grants, "password"] if server.password_grant else grants,
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": list[JsonValue](sorted(SCOPES)),
        "token_endpoint_auth_methods_supported": [*_WITH_SECRET, "none"],
        "revocation_endpoint_auth_methods_supported": [*_WITH_SECRET, "none"],
        "introspection_endpoint_auth_methods_supported": _WITH_SECRET,
        "authorization_response_iss_parameter_supported": True,
    }


def resource_metadata(server: AuthorizationServer) -> dict[str, JsonValue]:
    """Return what a client that has been refused has to know to get a token."""
    return {
        "resource": server.issuer,
        "resource_name": "Deputize",
        "authorization_servers": [server.issuer],
        "jwks_uri": server.issuer + KEYS,
        "scopes_supported": list[JsonValue](sorted(SCOPES)),
        "bearer_methods_supported": ["header"],
    }
