"""What became of each layer of the jail on this machine."""

from dataclasses import dataclass
from enum import StrEnum


class Tier(StrEnum):
    """How much of a jail there is."""

    #: Every layer.
    FULL = "full"
    #: No namespaces, or no Landlock, as in a default container: the filter of system calls carries the wall.
    CONTAINED = "contained"
    #: Not enough: scripts do not run.
    REFUSED = "refused"
    #: None at all, and meant so: see ``Unconfined``.
    UNCONFINED = "unconfined"


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerReport:
    """One layer: built and proved, or why not."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JailReport:
    """All layers, in the order in which they are built."""

    tier: Tier
    layers: tuple[LayerReport, ...]

    @property
    def ok(self) -> bool:
        """Whether scripts run here."""
        return self.tier is not Tier.REFUSED

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the names of the layers that are not there."""
        return tuple(layer.name for layer in self.layers if not layer.ok)
