"""HTTP as one principal."""

from deputize_client.access_tokens import AccessToken, AccessTokens
from deputize_client.authentication import (
    AsInitiator,
    Authentication,
    BasicAuthentication,
    BearerAuthentication,
    ClientCredentialsAuthentication,
    NoAuthentication,
)
from deputize_client.bodies import Body, FormBody, JsonBody, TextBody
from deputize_client.client import BoundClient
from deputize_client.credential_source import CredentialSource, CredentialUnavailable
from deputize_client.credentials import BasicCredential, BearerCredential, Credential, MissingSecret, Secret
from deputize_client.endpoint import Endpoint, unknown_endpoint
from deputize_client.filling import shown_request
from deputize_client.limits import ClientLimits
from deputize_client.messages import (
    CallOutcome,
    CredentialMissing,
    Exchange,
    OutboundRequest,
    ReceivedResponse,
    SentAs,
    SentRequest,
    TransportCause,
    TransportFailure,
)
from deputize_client.reading import charset_of
from deputize_client.recorded import Client, Drift, Record, RecordedClient
from deputize_client.redaction import Redaction, Redactor
from deputize_client.references import GuardedSecret, JsonTemplate, SecretReference, Text
from deputize_client.refusals import LegacyError, PlatformError, refusal_reason, status_message
from deputize_client.telling import REDACTED, carries_credential
from deputize_client.token_source import TokenSource
from deputize_client.transport import BeforeSending, TransportFor

__all__ = [
    "REDACTED",
    "AccessToken",
    "AccessTokens",
    "AsInitiator",
    "Authentication",
    "BasicAuthentication",
    "BasicCredential",
    "BearerAuthentication",
    "BearerCredential",
    "BeforeSending",
    "Body",
    "BoundClient",
    "CallOutcome",
    "Client",
    "ClientCredentialsAuthentication",
    "ClientLimits",
    "Credential",
    "CredentialMissing",
    "CredentialSource",
    "CredentialUnavailable",
    "Drift",
    "Endpoint",
    "Exchange",
    "FormBody",
    "GuardedSecret",
    "JsonBody",
    "JsonTemplate",
    "LegacyError",
    "MissingSecret",
    "NoAuthentication",
    "OutboundRequest",
    "PlatformError",
    "ReceivedResponse",
    "Record",
    "RecordedClient",
    "Redaction",
    "Redactor",
    "Secret",
    "SecretReference",
    "SentAs",
    "SentRequest",
    "Text",
    "TextBody",
    "TokenSource",
    "TransportCause",
    "TransportFailure",
    "TransportFor",
    "carries_credential",
    "charset_of",
    "refusal_reason",
    "shown_request",
    "status_message",
    "unknown_endpoint",
]
