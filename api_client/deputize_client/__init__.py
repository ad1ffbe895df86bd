"""HTTP as one principal."""

from deputize_client.client import BoundClient
from deputize_client.credential_source import CredentialSource, CredentialUnavailable
from deputize_client.credentials import BasicCredential, BearerCredential, Credential, MissingSecret, Secret
from deputize_client.endpoint import (
    AsInitiator,
    Authentication,
    BasicAuthentication,
    BearerAuthentication,
    Endpoint,
    NoAuthentication,
)
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
from deputize_client.redaction import Redaction, Redactor
from deputize_client.refusals import LegacyError, PlatformError, refusal_reason, status_message

__all__ = [
    "AsInitiator",
    "Authentication",
    "BasicAuthentication",
    "BasicCredential",
    "BearerAuthentication",
    "BearerCredential",
    "BoundClient",
    "CallOutcome",
    "ClientLimits",
    "Credential",
    "CredentialMissing",
    "CredentialSource",
    "CredentialUnavailable",
    "Endpoint",
    "Exchange",
    "LegacyError",
    "MissingSecret",
    "NoAuthentication",
    "OutboundRequest",
    "PlatformError",
    "ReceivedResponse",
    "Redaction",
    "Redactor",
    "Secret",
    "SentAs",
    "SentRequest",
    "TransportCause",
    "TransportFailure",
    "refusal_reason",
    "status_message",
]
