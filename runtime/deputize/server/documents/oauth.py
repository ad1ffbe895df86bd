"""What clients of OAuth are answered. Tokens stand in one document: the answer to the request for them."""

from typing import Literal

from pydantic import Field, JsonValue

from deputize.oauth.refusals import ErrorCode
from deputize.server.documents.document import Document


class TokenDocument(Document):
    """The tokens of a client (RFC 6749 §5.1)."""

    access_token: str = Field(repr=False)
    token_type: Literal["bearer"]
    expires_in: int
    """Seconds for which the access token is good."""
    refresh_token: str | None = Field(default=None, repr=False)
    """Good for one use. Left out where the client may not refresh."""
    scope: str
    jti: str
    """The id of the access token."""


class OAuthError(Document):
    """Why a client got nothing (RFC 6749 §5.2)."""

    error: ErrorCode
    error_description: str


class IntrospectionDocument(Document):
    """What a token is worth now (RFC 7662). Of one that is worth nothing, `active` is all that is said."""

    active: bool
    scope: str | None = None
    client_id: str | None = None
    username: str | None = None
    token_type: str | None = None
    exp: int | None = None
    iat: int | None = None
    sub: str | None = None
    aud: str | None = None
    iss: str | None = None
    jti: str | None = None


class KeySetDocument(Document):
    """Public keys, as JWKs."""

    keys: list[dict[str, JsonValue]]


class ServerMetadata(Document):
    """What the authorization server can, and where (RFC 8414)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    revocation_endpoint: str
    introspection_endpoint: str
    jwks_uri: str
    response_types_supported: list[str]
    response_modes_supported: list[str]
    grant_types_supported: list[str]
    code_challenge_methods_supported: list[str]
    scopes_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    revocation_endpoint_auth_methods_supported: list[str]
    introspection_endpoint_auth_methods_supported: list[str]
    authorization_response_iss_parameter_supported: bool


class ResourceMetadata(Document):
    """Who gives tokens for this server (RFC 9728)."""

    resource: str
    resource_name: str
    authorization_servers: list[str]
    jwks_uri: str
    scopes_supported: list[str]
    bearer_methods_supported: list[str]
