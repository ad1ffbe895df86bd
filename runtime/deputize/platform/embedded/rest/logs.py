"""``/integrations/{id}/logs`` of the REST API: the runs of an integration, the newest first."""

from deputize.domain.stored_run import RunFilter
from deputize.platform.embedded.rest.call import Answer, Call
from deputize.platform.embedded.rest.paging import Page
from deputize.platform.embedded.rest.plans import require_developer
from deputize.platform.embedded.rest.problems import not_found
from deputize.platform.embedded.rest.shapes.runs import log


async def list_logs(call: Call) -> Answer:
    """Answer with the runs of an integration of a plan that the actor may develop."""
    page = Page.asked_for(call.query)
    integration = await call.store.integrations.get(call.key)
    plan = None if integration is None else await call.store.plans.get(integration.plan_id)
    if integration is None or plan is None:
        raise not_found("integration", call.key)
    await require_developer(call, plan)
    wanted = RunFilter(integration_id=integration.id)
    runs = await call.store.runs.part(wanted, offset=page.offset, limit=page.limit)
    return Answer(
        body=page.holding(
            runs,
            lambda each: log(each, integration),
            total=await call.store.runs.matching(wanted),
            path=call.path,
            query=call.query,
        )
    )
