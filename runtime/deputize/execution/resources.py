"""What the scripts of a plan may call and use, and who knows that."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from deputize.store import Transaction
from deputize_client import Endpoint, GuardedSecret, Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What one run may use, as it is at this moment."""

    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)
    #: Names of endpoints in whose place a stand-in answers.
    stand_ins: frozenset[str] = frozenset()
    constants: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, GuardedSecret] = field(default_factory=dict)
    #: Sources of the plan's shared libraries by name.
    shared: Mapping[str, str] = field(default_factory=dict)

    def known_secrets(self) -> tuple[Secret, ...]:
        """Return every secret that is set: of the endpoints, and of those that scripts may name."""
        named = [each.secret for each in self.secrets.values() if isinstance(each.secret, Secret)]
        stored = [secret for endpoint in self.endpoints.values() for secret in endpoint.secrets()]
        return (*stored, *named)


class ResourceSource(Protocol):
    """Knows what the scripts of each plan may use."""

    async def of_plan(self, tx: Transaction, plan_id: str | None) -> Resources:
        """Return what scripts of the plan may use; None is for a script that belongs to no plan.

        Raises ``Misconfigured`` for what cannot be read.
        """
        ...
