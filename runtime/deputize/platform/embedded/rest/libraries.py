"""Shared libraries of the REST API: scripts that the scripts of their plan import by name."""

from http import HTTPStatus
from uuid import uuid4

from pydantic import JsonValue

from deputize.domain.integration import SharedLibrary
from deputize.domain.plan import Plan
from deputize.errors import shown
from deputize.platform.embedded.rest.administration import note
from deputize.platform.embedded.rest.call import Answer, Call
from deputize.platform.embedded.rest.drafts import Encoded, decoded, next_version, require_sound_library
from deputize.platform.embedded.rest.paging import Page, as_it_is
from deputize.platform.embedded.rest.plans import developed_plan, require_developer
from deputize.platform.embedded.rest.problems import Problem, invalid, missing, not_found
from deputize.platform.embedded.rest.shapes import plans as shapes
from deputize.platform.embedded.rest.texts import Body, Key, Name


class LibraryBody(Body):
    """The body of ``POST …/shared-libraries``: with ``id`` a change, without it a new library."""

    id: Key | None = None
    name: Name | None = None
    script: Encoded | None = None


async def list_libraries(call: Call) -> Answer:
    """Answer with the shared libraries of a plan."""
    page, plan = Page.asked_for(call.query), await developed_plan(call)
    shown = [await _shown(call, each, plan) for each in await call.store.libraries.of_plan(plan.id)]
    return Answer(body=page.of(shown, as_it_is, path=call.path, query=call.query))


async def read_library(call: Call) -> Answer:
    """Answer with the shared library of that id."""
    library = await call.store.libraries.get(call.key)
    plan = None if library is None else await call.store.plans.get(library.plan_id)
    if library is None or plan is None:
        raise not_found("shared library", call.key)
    await require_developer(call, plan)
    return Answer(body=await _shown(call, library, plan))


async def write_library(call: Call) -> Answer:
    """Change the shared library that ``id`` names (200), or make one (201)."""
    body = call.body(LibraryBody)
    plan = await developed_plan(call)
    before = None if body.id is None else await _find(call, plan, body.id)
    name = body.name or ("" if before is None else before.name)
    if not name:
        raise missing("name")
    if not name.isidentifier() or name.startswith("_"):
        raise invalid("name", name, "a name that can be imported: letters, digits, and _ in between")
    taken = await call.store.libraries.by_name(plan.id, name)
    if taken is not None and (before is None or taken.id != before.id):
        raise Problem(
            HTTPStatus.CONFLICT,
            f"The plan has a shared library with the name {shown(name)} already. Choose another name.",
            subcode="library.name_taken",
            arguments=[shown(name)],
        )
    library = await _kept(call, plan, before, name, None if body.script is None else decoded(body.script))
    status = HTTPStatus.CREATED if before is None else HTTPStatus.OK
    return Answer(body=await _shown(call, library, plan), status=status)


async def _kept(
    call: Call, plan: Plan, before: SharedLibrary | None, name: str, source: str | None
) -> SharedLibrary:
    if source is None and before is None:
        raise missing("script")
    library_id = str(uuid4()) if before is None else before.id
    version_id = "" if before is None else before.script_version_id
    if source is not None:
        await require_sound_library(call, plan, name=name, source=source)
        version_id = (await next_version(call, library_id, source)).id
    library = SharedLibrary(id=library_id, plan_id=plan.id, name=name, script_version_id=version_id)
    await call.store.libraries.put(library)
    await note(call, "library.set", f"library:{plan.name}/{name}", script_version=version_id)
    return library


async def _find(call: Call, plan: Plan, key: str) -> SharedLibrary:
    found = await call.store.libraries.get(key)
    if found is None or found.plan_id != plan.id:
        raise not_found("shared library", key)
    return found


async def _shown(call: Call, library: SharedLibrary, plan: Plan) -> dict[str, JsonValue]:
    version = await call.store.scripts.get(library.script_version_id)
    # A library refers to its version, which is never deleted.
    assert version is not None  # noqa: S101 - a foreign key keeps it
    return shapes.library(library, plan, version)
