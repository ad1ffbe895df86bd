"""What the scripts of a plan may call and use: endpoints, constants, secrets and shared libraries."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from deputize.domain.endpoint import EVERY_PLAN, SealedSecret, StoredEndpoint
from deputize.execution.resources import Resources
from deputize.project.sections.endpoints import (
    BasicAuth,
    BearerAuth,
    EndpointSection,
    InitiatorAuth,
    NoAuth,
    OAuth2Auth,
)
from deputize.settings import Settings
from deputize.stand_ins import StandInServer
from deputize.store import Transaction
from deputize.use_cases.set_secret import SECRETS_TABLE
from deputize_client import (
    AsInitiator,
    Authentication,
    BasicAuthentication,
    BearerAuthentication,
    ClientCredentialsAuthentication,
    Endpoint,
    GuardedSecret,
    MissingSecret,
    NoAuthentication,
    Secret,
)

if TYPE_CHECKING:
    # What seals comes with the server; a script on a laptop does without.
    from deputize.credentials.sealing import Sealer


class FixedResources:
    """The same for every script: what an application has passed in."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    async def of_plan(self, tx: Transaction, plan_id: str | None) -> Resources:
        """Return what was passed in."""
        return self._resources


class StoredResources:
    """Reads them from the database, anew for every run.

    A secret's value is the one that is sealed there, or else the one that *settings* find. *stand_ins*
    are the servers that answer in place of endpoints, by scope and name; a real secret never goes to one.
    """

    def __init__(
        self,
        *,
        settings: Settings,
        sealer: "Sealer | None",
        stand_ins: Mapping[tuple[str, str], StandInServer],
    ) -> None:
        self._settings = settings
        self._sealer = sealer
        self._stand_ins = stand_ins

    async def of_plan(self, tx: Transaction, plan_id: str | None) -> Resources:
        """Return what scripts of the plan may use. Raises ``SealBroken`` for a secret that cannot be read."""
        if plan_id is None:
            stored = await tx.endpoints.in_scope(EVERY_PLAN)
            kept = await tx.secrets.in_scope(EVERY_PLAN)
        else:
            stored, kept = await tx.endpoints.of_plan(plan_id), await tx.secrets.of_plan(plan_id)
        values = {secret.name: self._value(secret) for secret in kept}
        stand_ins = frozenset(each.name for each in stored if (each.scope, each.name) in self._stand_ins)
        return Resources(
            endpoints={each.name: self._endpoint(each, values) for each in stored},
            stand_ins=stand_ins,
            constants={} if plan_id is None else await tx.constants.of_plan(plan_id),
            secrets={secret.name: _guarded(secret, values[secret.name], stand_ins) for secret in kept},
            shared={} if plan_id is None else await _shared(tx, plan_id),
        )

    def _value(self, secret: SealedSecret) -> Secret | MissingSecret:
        if not secret.sealed:
            return self._settings.secret(secret.name)
        if self._sealer is None:
            return MissingSecret(name=secret.name, setting="DEPUTIZE_KEY")
        row = (SECRETS_TABLE, secret.scope, secret.name)
        return self._sealer.unseal(secret.sealed, row=row, name=secret.name)

    def _endpoint(self, stored: StoredEndpoint, values: Mapping[str, Secret | MissingSecret]) -> Endpoint:
        section = EndpointSection.model_validate(stored.definition)
        stand_in = self._stand_ins.get((stored.scope, stored.name))
        base_url, admitted = section.base_url, frozenset[tuple[str, int]]()
        if stand_in is not None:
            base_url = stand_in.url + (urlsplit(section.base_url).path or "/")
            admitted = frozenset({("127.0.0.1", stand_in.port)})
        return Endpoint(
            name=stored.name,
            base_url=base_url,
            authentication=_stand_in_authentication(section)
            if stand_in is not None
            else self._authentication(section, values),
            methods=None if section.methods is None else frozenset(section.methods),
            paths=section.paths,
            networks=section.networks,
            knows_idempotency_keys=section.idempotency == "key",
            admitted=admitted,
        )

    def _authentication(
        self, section: EndpointSection, values: Mapping[str, Secret | MissingSecret]
    ) -> Authentication:
        def secret(name: str) -> Secret | MissingSecret:
            return values[name] if name in values else self._settings.secret(name)

        match section.auth:
            case NoAuth():
                return NoAuthentication()
            case InitiatorAuth():
                return AsInitiator()
            case BasicAuth(user=user, password=reference):
                return BasicAuthentication(user, secret(reference.secret))
            case BearerAuth(token=reference):
                return BearerAuthentication(secret(reference.secret))
            case OAuth2Auth() as oauth:
                return ClientCredentialsAuthentication(
                    token_url=oauth.token_url,
                    client_id=oauth.client_id,
                    client_secret=secret(oauth.client_secret.secret),
                    scope=oauth.scope,
                    client_in=oauth.client_in,
                    networks=oauth.networks,
                )


def _guarded(kept: SealedSecret, value: Secret | MissingSecret, stand_ins: frozenset[str]) -> GuardedSecret:
    # A secret that may go to a stand-in is not the real one, wherever else it may go.
    shown = _stand_in_secret(kept.name) if kept.endpoints & stand_ins else value
    return GuardedSecret(secret=shown, endpoints=kept.endpoints)


def _stand_in_authentication(section: EndpointSection) -> Authentication:
    """Return proof in the endpoint's own shape; a stand-in keeps a record of what came."""
    match section.auth:
        case NoAuth() | InitiatorAuth():
            return NoAuthentication()
        case BasicAuth(user=user, password=reference):
            return BasicAuthentication(user, _stand_in_secret(reference.secret))
        case BearerAuth(token=reference):
            return BearerAuthentication(_stand_in_secret(reference.secret))
        case OAuth2Auth(client_secret=reference):
            return BearerAuthentication(_stand_in_secret(reference.secret))


def _stand_in_secret(name: str) -> Secret:
    return Secret(name, f"stand-in secret for {name}")


async def _shared(tx: Transaction, plan_id: str) -> dict[str, str]:
    shared: dict[str, str] = {}
    for library in await tx.libraries.of_plan(plan_id):
        version = await tx.scripts.get(library.script_version_id)
        if version is not None and version.runnable:
            shared[library.name] = version.source
    return shared
