"""``/sites`` of the REST API: there is one."""

from deputize.platform.embedded.rest.call import Answer, Call
from deputize.platform.embedded.rest.paging import Page, as_it_is
from deputize.platform.embedded.rest.shapes.people import site


async def list_sites(call: Call) -> Answer:
    """Answer with the one site, to anybody."""
    page = Page.asked_for(call.query)
    return Answer(body=page.of([site()], as_it_is, path=call.path, query=call.query))
