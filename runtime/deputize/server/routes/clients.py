"""Clients of OAuth: registered, listed, changed, and given new secrets."""

from http import HTTPStatus

from deputize.server.callers import Caller, Parts
from deputize.server.documents.clients import (
    ClientDocument,
    Clients,
    ClientWithSecretDocument,
    SentClient,
    SentClientChange,
    SigningKeyDocument,
)
from deputize.server.routes.operations import may_answer, operations
from deputize.use_cases.change_client import change_client
from deputize.use_cases.register_client import register_client
from deputize.use_cases.rotate_client_secret import rotate_client_secret
from deputize.use_cases.rotate_signing_key import rotate_signing_key
from deputize.use_cases.see_clients import see_client, see_clients

router = operations("Clients of OAuth")


@router.get("/oauth/clients", operation_id="listClients")
async def list_clients(parts: Parts, caller: Caller) -> Clients:
    """Return every client, by name."""
    return Clients(data=[ClientDocument.of(each) for each in await see_clients(parts.database, caller)])


@router.post("/oauth/clients", operation_id="registerClient", status_code=HTTPStatus.CREATED)
async def post_client(parts: Parts, caller: Caller, body: SentClient) -> ClientWithSecretDocument:
    """Register a client. The secret of a confidential one is shown only now."""
    registered = await register_client(parts.database, caller, hasher=parts.hasher, new=body.new())
    return ClientWithSecretDocument.shown_once(registered)


@router.get("/oauth/clients/{client}", operation_id="getClient", responses=may_answer(404))
async def get_client(parts: Parts, caller: Caller, client: str) -> ClientDocument:
    """Return the client of that id."""
    return ClientDocument.of(await see_client(parts.database, caller, client_id=client))


@router.patch("/oauth/clients/{client}", operation_id="changeClient", responses=may_answer(404))
async def patch_client(parts: Parts, caller: Caller, client: str, body: SentClientChange) -> ClientDocument:
    """Change the client; return it. One that is disabled gets no tokens, and its tokens are refused."""
    return ClientDocument.of(
        await change_client(parts.database, caller, client_id=client, change=body.change())
    )


@router.post(
    "/oauth/clients/{client}/secret",
    operation_id="rotateClientSecret",
    status_code=HTTPStatus.CREATED,
    responses=may_answer(404, 409),
)
async def post_secret(parts: Parts, caller: Caller, client: str) -> ClientWithSecretDocument:
    """Give a confidential client a new secret, which is shown only now; the old one is no good at once."""
    rotated = await rotate_client_secret(parts.database, caller, hasher=parts.hasher, client_id=client)
    return ClientWithSecretDocument.shown_once(rotated)


@router.post("/oauth/keys", operation_id="rotateSigningKey", status_code=HTTPStatus.CREATED)
async def post_key(parts: Parts, caller: Caller) -> SigningKeyDocument:
    """Have access tokens signed with a new key. What the old one has signed is good until it expires."""
    return SigningKeyDocument(id=await rotate_signing_key(parts.database, caller, keys=parts.signing_keys))
