"""What clients read before they ask: who gives tokens for this server, and how."""

from fastapi import APIRouter

from deputize.oauth.metadata import KEYS, resource_metadata, server_metadata
from deputize.server.callers import Parts
from deputize.server.documents.oauth import KeySetDocument, ResourceMetadata, ServerMetadata

router = APIRouter(tags=["OAuth"])


@router.get("/.well-known/oauth-authorization-server", operation_id="describeAuthorizationServer")
async def get_server_metadata(parts: Parts) -> ServerMetadata:
    """Say what the authorization server can, and where (RFC 8414)."""
    return ServerMetadata.model_validate(server_metadata(parts.oauth))


@router.get(KEYS, operation_id="listSigningKeys")
async def get_keys(parts: Parts) -> KeySetDocument:
    """Return the public keys that access tokens may be verified with (RFC 7517)."""
    published = await parts.database.read(parts.signing_keys.published)
    return KeySetDocument(keys=[dict(each) for each in published])


@router.get("/.well-known/oauth-protected-resource", operation_id="describeProtectedResource")
async def get_resource_metadata(parts: Parts) -> ResourceMetadata:
    """Say who gives tokens for this server (RFC 9728)."""
    return ResourceMetadata.model_validate(resource_metadata(parts.oauth))
