"""Sets and deletes the shared libraries of a plan."""

from dataclasses import dataclass
from uuid import uuid4

from deputize.domain.integration import ScriptVersion, SharedLibrary
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import Fault, Invalid, NotFound
from deputize.use_cases.finding import developed_plan
from deputize.use_cases.scripts import Candidate, Checker, next_version, refuse_wrong, shared_sources


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenLibrary:
    """A shared library with its present version."""

    library: SharedLibrary
    version: ScriptVersion


async def set_library(
    database: Database, actor: Actor, *, checker: Checker, plan: str, name: str, source: str
) -> None:
    """Save *source* as the shared library *name* of a plan; runs that start from now on import it."""
    if not name.isidentifier() or name.startswith("_"):
        raise Invalid(
            Fault(pointer="/name", detail="It could not be imported. Use letters, digits and _ in between.")
        )

    async def look(tx: Transaction) -> Candidate:
        found = await developed_plan(tx, await actor.standing(tx), plan)
        shared = {**await shared_sources(tx, found.id), name: source}
        return Candidate(name=f"shared/{name}", source=source, trigger=None, shared=shared)

    await refuse_wrong(checker, await database.read(look))

    async def work(tx: Transaction) -> None:
        found = await developed_plan(tx, await actor.standing(tx), plan)
        library = await tx.libraries.by_name(found.id, name)
        present = None if library is None else await tx.scripts.get(library.script_version_id)
        if present is not None and present.runnable and present.source == source:
            return
        library_id = str(uuid4()) if library is None else library.id
        version = await next_version(tx, actor, owner_id=library_id, source=source)
        await tx.libraries.put(
            SharedLibrary(id=library_id, plan_id=found.id, name=name, script_version_id=version.id)
        )
        await note(tx, actor, "library.set", f"library:{found.name}/{name}", version=version.number)

    await database.write(work)


async def delete_library(database: Database, actor: Actor, *, plan: str, name: str) -> None:
    """Delete the shared library *name* of a plan; scripts that import it can no longer run."""

    async def work(tx: Transaction) -> None:
        found = await developed_plan(tx, await actor.standing(tx), plan)
        library = await tx.libraries.by_name(found.id, name)
        if library is None:
            raise NotFound("shared library", name)
        await tx.libraries.delete(library.id)
        await note(tx, actor, "library.deleted", f"library:{found.name}/{name}")

    await database.write(work)


async def see_libraries(database: Database, actor: Actor, *, plan: str) -> list[SeenLibrary]:
    """Return the shared libraries of a plan, by name."""

    async def work(tx: Transaction) -> list[SeenLibrary]:
        found = await developed_plan(tx, await actor.standing(tx), plan)
        seen: list[SeenLibrary] = []
        for library in await tx.libraries.of_plan(found.id):
            version = await tx.scripts.get(library.script_version_id)
            if version is not None:
                seen.append(SeenLibrary(library=library, version=version))
        return seen

    return await database.read(work)
