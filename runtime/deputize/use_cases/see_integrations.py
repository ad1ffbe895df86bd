"""Shows integrations with their scripts, and every version of one, to who edits them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from deputize.domain.integration import Integration, ScriptVersion
from deputize.store import Database, Transaction
from deputize.store.figures import HourOfRuns
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import NotFound
from deputize.use_cases.finding import developed_integration, developed_plan, may_develop
from deputize.use_cases.integration_warnings import IntegrationWarning, warnings_of
from deputize.use_cases.scripts import Checker, candidate_for
from deputize_sandbox import Diagnostic


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenIntegration:
    """An integration, the name of its plan, and its present script."""

    integration: Integration
    plan: str
    #: The name of its form.
    form: str | None
    #: None where the product's own script runs.
    version: ScriptVersion | None

    @property
    def warnings(self) -> tuple[IntegrationWarning, ...]:
        """What somebody has to see to."""
        return warnings_of(self.integration, self.version)


async def see_integrations(
    database: Database, actor: Actor, *, plan: str | None = None
) -> list[SeenIntegration]:
    """Return the integrations of a plan, or of every plan that the actor may edit, by name."""

    async def work(tx: Transaction) -> list[SeenIntegration]:
        standing = await actor.standing(tx)
        if plan is None:
            plans = {each.id: each for each in await tx.plans.all() if may_develop(standing, each)}
        else:
            found = await developed_plan(tx, standing, plan)
            plans = {found.id: found}
        return [
            await _seen(tx, each, plans[each.plan_id].name)
            for each in await tx.integrations.all()
            if each.plan_id in plans
        ]

    return await database.read(work)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedIntegration:
    """An integration by its name and that of its plan, to be chosen from a list."""

    id: str
    name: str
    plan: str


async def see_integration_names(database: Database, actor: Actor) -> list[NamedIntegration]:
    """Return the names of the integrations of every plan that the actor may edit; none for who edits none."""

    async def work(tx: Transaction) -> list[NamedIntegration]:
        standing = await actor.standing(tx)
        plans = {each.id: each.name for each in await tx.plans.all() if may_develop(standing, each)}
        return [
            NamedIntegration(id=each.id, name=each.name, plan=plans[each.plan_id])
            for each in await tx.integrations.all()
            if each.plan_id in plans
        ]

    return await database.read(work)


async def see_integration(database: Database, actor: Actor, *, integration_id: str) -> SeenIntegration:
    """Return the integration of that id."""

    async def work(tx: Transaction) -> SeenIntegration:
        integration, plan = await developed_integration(tx, await actor.standing(tx), integration_id)
        return await _seen(tx, integration, plan.name)

    return await database.read(work)


async def see_hours(database: Database, actor: Actor, *, integration_id: str, hours: int) -> list[HourOfRuns]:
    """Return the runs of an integration by the hour, of so many *hours* up to the present one."""

    async def work(tx: Transaction) -> list[HourOfRuns]:
        integration, _ = await developed_integration(tx, await actor.standing(tx), integration_id)
        present = tx.now.replace(minute=0, second=0, microsecond=0)
        first = present - timedelta(hours=hours - 1)
        counted = {each.began: each for each in await tx.figures.by_hour(integration.id, since=first)}
        all_hours = (first + timedelta(hours=number) for number in range(hours))
        return [
            counted.get(each) or HourOfRuns(began=each, runs=0, refused=0, failed=0) for each in all_hours
        ]

    return await database.read(work)


async def see_versions(database: Database, actor: Actor, *, integration_id: str) -> list[ScriptVersion]:
    """Return every version of an integration's script, the newest first."""

    async def work(tx: Transaction) -> list[ScriptVersion]:
        integration, _ = await developed_integration(tx, await actor.standing(tx), integration_id)
        return await tx.scripts.of_owner(integration.id)

    return await database.read(work)


async def see_version(database: Database, actor: Actor, *, integration_id: str, number: int) -> ScriptVersion:
    """Return one version of an integration's script."""
    for version in await see_versions(database, actor, integration_id=integration_id):
        if version.number == number:
            return version
    raise NotFound("version of this script", str(number))


async def check_script(
    database: Database, actor: Actor, *, checker: Checker, integration_id: str, source: str
) -> Sequence[Diagnostic]:
    """Return what would be wrong with *source* as the integration's script; nothing is saved or run."""

    async def look(tx: Transaction) -> Integration:
        integration, _ = await developed_integration(tx, await actor.standing(tx), integration_id)
        return integration

    integration = await database.read(look)
    candidate = await database.read(lambda tx: candidate_for(tx, integration, source))
    return await checker.check(candidate)


async def _seen(tx: Transaction, integration: Integration, plan: str) -> SeenIntegration:
    form = None if integration.form_id is None else await tx.forms.get(integration.form_id)
    version_id = integration.script_version_id
    return SeenIntegration(
        integration=integration,
        plan=plan,
        form=None if form is None else form.name,
        version=None if version_id is None else await tx.scripts.get(version_id),
    )
