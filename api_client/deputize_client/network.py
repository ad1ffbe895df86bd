"""The way of an endpoint's calls over the network, past the check of every address."""

import ssl

from deputize_client.egress import PinnedBackend, Resolver, system_resolver
from deputize_client.endpoint import Endpoint
from deputize_client.limits import ClientLimits
from deputize_client.transport import BeforeSending, EndpointTransport, default_tls


def network_to(
    endpoint: Endpoint,
    *,
    limits: ClientLimits,
    resolve: Resolver = system_resolver,
    tls: ssl.SSLContext | None = None,
    before_sending: BeforeSending | None = None,
) -> EndpointTransport:
    """Return what carries calls to *endpoint* over connections of its own."""
    encrypted = endpoint.origin[0] == "https"
    return EndpointTransport(
        PinnedBackend(endpoint, limits=limits, resolve=resolve),
        tls=(tls or default_tls()) if encrypted else None,
        where=endpoint.where,
        before_sending=before_sending,
    )
