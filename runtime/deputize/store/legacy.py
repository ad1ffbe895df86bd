"""The terms of legacy integrations, and the way over from them."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.legacy import LegacySwitch, LegacyTerms, Shadow, ShadowFinding
from deputize.store.rows import inserting, put, record, records, values_of
from deputize.store.tables import integrations, legacy_switches, legacy_terms, shadow_findings, shadows


class Legacy:
    """Queries about legacy integrations."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def terms(self, plan_id: str) -> LegacyTerms | None:
        """Return the terms of a plan; None where none were brought in."""
        rows = await self._connection.execute(select(legacy_terms).where(legacy_terms.c.plan_id == plan_id))
        return record(LegacyTerms, rows.first())

    async def terms_of(self, integration_id: str) -> LegacyTerms | None:
        """Return the terms on which the integration of that id goes on; None where it is not legacy."""
        rows = await self._connection.execute(
            select(legacy_terms)
            .join(integrations, integrations.c.plan_id == legacy_terms.c.plan_id)
            .where(integrations.c.id == integration_id, integrations.c.legacy.is_(True))
        )
        return record(LegacyTerms, rows.first())

    async def put_terms(self, terms: LegacyTerms) -> None:
        """Write *terms* over those of the same plan, or as new ones."""
        await put(self._connection, legacy_terms, values_of(terms))

    # Switches

    async def switch(self, integration_id: str) -> LegacySwitch | None:
        """Return how an integration was switched over; None where it was not."""
        rows = await self._connection.execute(
            select(legacy_switches).where(legacy_switches.c.integration_id == integration_id)
        )
        return record(LegacySwitch, rows.first())

    async def put_switch(self, switch: LegacySwitch) -> None:
        """Write *switch* over that of the same integration, or as a new one."""
        await put(self._connection, legacy_switches, values_of(switch))

    async def delete_switch(self, integration_id: str) -> None:
        """Forget how an integration was switched over."""
        await self._connection.execute(
            delete(legacy_switches).where(legacy_switches.c.integration_id == integration_id)
        )

    # Shadows

    async def shadows(self) -> list[Shadow]:
        """Return every shadow, the newest first."""
        rows = await self._connection.execute(
            select(shadows).order_by(shadows.c.since.desc(), shadows.c.integration_id)
        )
        return records(Shadow, rows.all())

    async def shadow(self, integration_id: str) -> Shadow | None:
        """Return the shadow of an integration, ended or not."""
        rows = await self._connection.execute(
            select(shadows).where(shadows.c.integration_id == integration_id)
        )
        return record(Shadow, rows.first())

    async def put_shadow(self, shadow: Shadow) -> None:
        """Write *shadow* over that of the same integration, or as a new one."""
        await put(self._connection, shadows, values_of(shadow))

    async def findings(self, integration_id: str) -> list[ShadowFinding]:
        """Return what was found about an integration, by script and line."""
        rows = await self._connection.execute(
            select(shadow_findings)
            .where(shadow_findings.c.integration_id == integration_id)
            .order_by(
                shadow_findings.c.script,
                shadow_findings.c.line,
                shadow_findings.c.method,
                shadow_findings.c.verdict,
                shadow_findings.c.id,
            )
        )
        return records(ShadowFinding, rows.all())

    async def count(self, finding: ShadowFinding) -> None:
        """Add *finding* to what was found before of the same id: counts add up, the latest path stays."""
        kept = shadow_findings.c
        adding = inserting(self._connection, shadow_findings).values(**values_of(finding))
        await self._connection.execute(
            adding.on_conflict_do_update(
                index_elements=["id"],
                set_={
                    "count": kept.count + finding.count,
                    "path": finding.path,
                    "last": finding.last,
                    "detail": dict(finding.detail),
                },
            )
        )

    async def delete_findings(self, integration_id: str, *, before: datetime | None = None) -> None:
        """Forget what was found about an integration, or what was last found before that moment."""
        condition = shadow_findings.c.integration_id == integration_id
        if before is not None:
            condition = condition & (shadow_findings.c.last < before)
        await self._connection.execute(delete(shadow_findings).where(condition))
