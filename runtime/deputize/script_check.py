"""What is wrong with a script, found by compiling it in the sandbox; nothing of it is executed."""

from collections.abc import Collection
from dataclasses import replace

from deputize.domain.start import INBOUND
from deputize.errors import ScriptRejected
from deputize.execution.guests import Guests
from deputize.execution.parameters import wrong_parameters
from deputize.execution.recorder import PLATFORM
from deputize.execution.resources import Resources
from deputize.plan_review import in_order, review_in_plan
from deputize.use_cases.scripts import Candidate
from deputize_client import unknown_endpoint
from deputize_sandbox import CompiledScript, Diagnostic, Rejected


async def compile_candidate(sandbox: Guests, candidate: Candidate) -> CompiledScript | tuple[Diagnostic, ...]:
    """Return *candidate* compiled, or everything that is wrong with it."""
    compiled = await sandbox.compile(candidate.source, filename=candidate.name, shared=candidate.shared)
    if isinstance(compiled, Rejected):
        return compiled.diagnostics
    diagnostics = (
        *wrong_parameters(compiled, trigger=candidate.trigger or INBOUND, has_form=candidate.has_form),
        *_unknown_endpoints(compiled, candidate.endpoints),
    )
    return diagnostics or compiled


def rejected(diagnostics: tuple[Diagnostic, ...]) -> ScriptRejected:
    """Return the error that tells *diagnostics*, a line each."""
    lines = (f"{each.file}:{each.line}:{each.column}: {each.code}: {each.message}" for each in diagnostics)
    return ScriptRejected("\n".join(lines), diagnostics=diagnostics)


async def check_thoroughly(
    sandbox: Guests, candidate: Candidate, resources: Resources
) -> tuple[Diagnostic, ...]:
    """Return what is wrong with *candidate* and what is worth a note, of its shared libraries as well.

    *resources* are what its plan has now. The scripts are read here only after the sandbox has read them.
    """
    if candidate.trigger is None:
        candidate = importing(candidate)
    compiled = await sandbox.compile(candidate.source, filename=candidate.name, shared=candidate.shared)
    if isinstance(compiled, Rejected):
        return compiled.diagnostics
    parameters = wrong_parameters(compiled, trigger=candidate.trigger or INBOUND, has_form=candidate.has_form)
    libraries = {f"shared/{name}.py": compiled.libraries[name] for name in compiled.shared}
    reviews = (review_in_plan(source, file=file, resources=resources) for file, source in libraries.items())
    own = review_in_plan(candidate.source, file=candidate.name, resources=resources)
    return (*in_order((*parameters, *own)), *(each for review in reviews for each in in_order(review)))


class SandboxChecker:
    """Implements ``Checker``."""

    def __init__(self, sandbox: Guests) -> None:
        self._sandbox = sandbox

    async def check(self, candidate: Candidate) -> tuple[Diagnostic, ...]:
        """Return what is wrong with *candidate*."""
        if candidate.trigger is None:
            candidate = importing(candidate)
        compiled = await compile_candidate(self._sandbox, candidate)
        return () if isinstance(compiled, CompiledScript) else compiled


def importing(library: Candidate) -> Candidate:
    """Return a script that does nothing but import *library*: a library is compiled with its importer."""
    name = library.name.rpartition("/")[2]
    return replace(
        library,
        source=f"from shared import {name}\n\ndef main():\n    return None\n",
        shared={**library.shared, name: library.source},
        trigger=INBOUND,
    )


def _unknown_endpoints(script: CompiledScript, endpoints: Collection[str]) -> tuple[Diagnostic, ...]:
    """Return a diagnostic for each ``endpoint="…"`` of the script that names none of its plan's."""
    known = {PLATFORM, *endpoints}
    return tuple(
        Diagnostic(
            code="ENDPOINT_UNKNOWN",
            message=unknown_endpoint(use.name, known),
            file=script.filename,
            line=use.line,
            column=use.column,
        )
        for use in script.endpoints
        if use.name not in known
    )
