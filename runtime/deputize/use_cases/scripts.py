"""Scripts that are about to be saved: checked before, never run, and kept as new versions."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import uuid4

from deputize.domain.integration import Integration, ScriptVersion
from deputize.domain.start import INBOUND
from deputize.errors import ScriptRejected
from deputize.store import Transaction
from deputize.use_cases.actor import Actor
from deputize_sandbox import Diagnostic


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A script as it would be run."""

    #: What diagnostics name as its file.
    name: str
    source: str = field(repr=False)
    #: ``inbound`` or the kind of callback; None for a shared library, which has no ``main``.
    trigger: str | None
    has_form: bool = False
    #: Sources of the shared libraries that it may import, by name.
    shared: Mapping[str, str] = field(default_factory=dict, repr=False)
    #: Names of the endpoints that it may call.
    endpoints: frozenset[str] = frozenset()


class Checker(Protocol):
    """Compiles scripts, and executes nothing of them."""

    async def check(self, candidate: Candidate) -> Sequence[Diagnostic]:
        """Return what is wrong with *candidate*, warnings included."""
        ...


async def candidate_for(tx: Transaction, integration: Integration, source: str) -> Candidate:
    """Return *source* as the script of *integration*, with what its plan has for it now."""
    return Candidate(
        name=integration.name,
        source=source,
        trigger=INBOUND if integration.inbound else integration.callback,
        has_form=integration.form_id is not None,
        shared=await shared_sources(tx, integration.plan_id),
        endpoints=frozenset(each.name for each in await tx.endpoints.of_plan(integration.plan_id)),
    )


async def shared_sources(tx: Transaction, plan_id: str) -> dict[str, str]:
    """Return the sources of a plan's shared libraries that can be imported, by name."""
    sources: dict[str, str] = {}
    for library in await tx.libraries.of_plan(plan_id):
        version = await tx.scripts.get(library.script_version_id)
        if version is not None and version.runnable:
            sources[library.name] = version.source
    return sources


async def refuse_wrong(checker: Checker, candidate: Candidate) -> Sequence[Diagnostic]:
    """Return the warnings about *candidate*. Raises ``ScriptRejected`` when there is an error."""
    found = await checker.check(candidate)
    errors = [each for each in found if each.severity == "error"]
    if errors:
        count = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        raise ScriptRejected(f"The script has {count} and was not saved.", diagnostics=found)
    return found


async def next_version(tx: Transaction, actor: Actor, *, owner_id: str, source: str) -> ScriptVersion:
    """Keep *source* as the next version of what *owner_id* names."""
    version = ScriptVersion(
        id=str(uuid4()),
        owner_id=owner_id,
        number=await tx.scripts.next_number(owner_id),
        sha256=hashlib.sha256(source.encode()).hexdigest(),
        source=source,
        author=actor.name,
        created=tx.now,
    )
    await tx.scripts.add(version)
    return version
