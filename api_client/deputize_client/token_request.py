"""The request for a token by OAuth 2 client credentials, and what its answer means (RFC 6749 §4.4, §5)."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    field_validator,
)

from deputize_client.authentication import (
    Authentication,
    BasicAuthentication,
    ClientCredentialsAuthentication,
    NoAuthentication,
    client_credential,
)
from deputize_client.bodies import FormBody
from deputize_client.credential_source import CredentialUnavailable
from deputize_client.credentials import BasicCredential, Secret
from deputize_client.endpoint import Endpoint
from deputize_client.errors import shown
from deputize_client.messages import (
    CallOutcome,
    CredentialMissing,
    OutboundRequest,
    ReceivedResponse,
    TransportFailure,
)
from deputize_client.redaction import Redactor
from deputize_client.references import GuardedSecret, SecretReference, Text

#: The life of a token whose answer names none, in seconds, and the longest that is believed.
_UNSTATED, _LONGEST = 300.0, 86_400.0
#: What an error code may be made of (RFC 6749 §5.2).
_ERROR = re.compile(r"[\x20-\x21\x23-\x5b\x5d-\x7e]{1,100}")
_OK = 200
#: The form's field that holds the client's secret.
_SECRET_FIELD = "client_secret"  # noqa: S105 - the name of a field


@dataclass(frozen=True, slots=True)
class Issued:
    """A token that was issued, and for how many seconds it is good."""

    token: Secret
    seconds: float


class _Token(BaseModel):
    """A successful answer."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    access_token: str = Field(pattern=r"^[\x21-\x7e]+$", max_length=16 * 1024)
    token_type: str
    expires_in: float | None = Field(default=None, ge=0, allow_inf_nan=False)

    @field_validator("expires_in", mode="wrap")
    @classmethod
    def _or_unstated(cls, value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        # A life that means nothing is as good as none: the token itself may still be right.
        try:
            return handler(value)
        except ValidationError:
            return None


class _Error(BaseModel):
    """An answer that refuses."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    error: str
    error_description: str = ""


def token_endpoint(owner: Endpoint, authentication: ClientCredentialsAuthentication) -> Endpoint:
    """Return the token endpoint of *owner* as an endpoint of its own."""
    url = urlsplit(authentication.token_url)
    proof: Authentication = NoAuthentication()
    if authentication.client_in == "header":
        client = client_credential(authentication)
        if isinstance(client, BasicCredential):
            proof = BasicAuthentication(client.user, client.password)
    return Endpoint(
        name=_name(owner),
        base_url=f"{url.scheme}://{url.netloc}",
        authentication=proof,
        methods=frozenset({"POST"}),
        networks=authentication.networks,
        admitted=authentication.admitted,
    )


def token_secrets(
    owner: Endpoint, authentication: ClientCredentialsAuthentication
) -> dict[str, GuardedSecret]:
    """Return the client's secret for a form, to be sent to the token endpoint and nowhere else."""
    secret = authentication.client_secret
    return {_SECRET_FIELD: GuardedSecret(secret=secret, endpoints=frozenset({_name(owner)}))}


def token_request(owner: Endpoint, authentication: ClientCredentialsAuthentication) -> OutboundRequest:
    """Return the request for a token."""
    url = urlsplit(authentication.token_url)
    fields: list[tuple[str, Text]] = [("grant_type", "client_credentials")]
    if authentication.scope:
        fields.append(("scope", authentication.scope))
    if authentication.client_in == "body":
        fields += [
            ("client_id", authentication.client_id),
            (_SECRET_FIELD, SecretReference(_SECRET_FIELD)),
        ]
    return OutboundRequest(
        method="POST",
        path=url.path + (f"?{url.query}" if url.query else ""),
        endpoint=_name(owner),
        headers=(("Accept", "application/json"),),
        content=FormBody(tuple(fields)),
        content_type="application/x-www-form-urlencoded",
    )


def read_answer(
    owner: Endpoint,
    authentication: ClientCredentialsAuthentication,
    outcome: CallOutcome,
    *,
    redactor: Redactor,
) -> Issued | CredentialUnavailable:
    """Return the token of *outcome*, or a sentence that says why there is none."""
    match outcome:
        case TransportFailure(message=message) | CredentialMissing(reason=message):
            said = message[:1].lower() + message[1:]
        case ReceivedResponse(status_code=status) if status != _OK:
            said = _refusal(authentication, outcome, redactor)
        case ReceivedResponse(content=content):
            try:
                token = _Token.model_validate_json(content)
            except ValidationError:
                said = f"the answer of {authentication.token_url} holds no access_token. Check token_url."
            else:
                if token.token_type.lower() == "bearer":
                    seconds = _UNSTATED if token.expires_in is None else min(token.expires_in, _LONGEST)
                    name = f"access token of {owner.name}"
                    return Issued(Secret(name, token.access_token), seconds)
                said = (
                    f"{authentication.token_url} issued a token of type {shown(token.token_type)!r},"
                    " and only bearer tokens can be sent. Ask whoever runs the service."
                )
    return CredentialUnavailable(f"Endpoint {owner.name!r} has no token: {said}")


def _name(owner: Endpoint) -> str:
    """Return the token endpoint's name, which is where its settings stand below those of *owner*."""
    return f"{owner.name}.auth"


def _refusal(
    authentication: ClientCredentialsAuthentication, received: ReceivedResponse, redactor: Redactor
) -> str:
    # Before anything of it is cut: some services repeat in their complaint what they were sent.
    content, _ = redactor.redact_bytes(received.content)
    try:
        error = _Error.model_validate_json(content)
    except ValidationError:
        told = ""
    else:
        told = f" {error.error}" if _ERROR.fullmatch(error.error) else ""
        told += f" ({shown(error.error_description)})" if told and error.error_description else ""
    secret = authentication.client_secret.name
    return (
        f"{authentication.token_url} answered {received.status_code} {received.status_message}{told}."
        f" Check client_id, scope and the secret {secret!r}."
    )
