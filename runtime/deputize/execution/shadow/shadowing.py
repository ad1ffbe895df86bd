"""Makes the observers of runs whose integration has a shadow."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from deputize.domain.legacy import Shadow, ShadowFinding
from deputize.domain.limits import MIB, Limits
from deputize.domain.principal import Principal
from deputize.execution.recorder import PLATFORM
from deputize.execution.shadow.observer import ShadowObserver
from deputize.execution.shadow.tally import Script, Tally
from deputize.platform.interface import Foresight, Platform
from deputize.store import Database, Transaction
from deputize_client import AsInitiator, BoundClient, ClientLimits, Endpoint, Redactor

#: How the identity of the person was established as whom calls are judged.
VIA = "shadow"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowedRun:
    """The run whose calls are judged."""

    run_id: str
    initiator: Principal
    script: Script
    limits: Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadowing:
    """What every shadow works with; holds nothing of any run."""

    database: Database
    platform: Platform
    #: None: nobody knows what would become of writes.
    foresight: Foresight | None
    clock: Callable[[], datetime]

    def over(self, run: ShadowedRun, shadow: Shadow, principal: Principal) -> ShadowObserver:
        """Return the observer of *run*, which judges its calls as those of *principal*.

        Its client has connections of its own, no other endpoint and no secret, and the credential is
        issued when a call is made and ends with the run.
        """
        platform = Endpoint(
            name=PLATFORM,
            base_url=self.platform.base_url,
            authentication=AsInitiator(),
            admitted=self.platform.admitted,
        )
        client = BoundClient(
            endpoints={PLATFORM: platform},
            credentials=self.platform.credentials_for(principal, run_id=run.run_id),
            limits=ClientLimits(response_bytes=int(run.limits.response_mb * MIB)),
            redactor=Redactor(),
        )
        return ShadowObserver(
            run_id=run.run_id,
            principal=principal,
            initiator=run.initiator,
            client=client,
            platform=self.platform,
            foresight=self.foresight,
            tally=Tally(shadow=shadow, script=run.script, clock=self.clock),
            keep=self._keep,
        )

    async def _keep(self, findings: list[ShadowFinding]) -> None:
        async def work(tx: Transaction) -> None:
            for finding in findings:
                shadow = await tx.legacy.shadow(finding.integration_id)
                # A shadow of somebody else, or none any more, has no use for them.
                if shadow is not None and shadow.subject == finding.subject:
                    await tx.legacy.count(finding)

        await self.database.write(work)
