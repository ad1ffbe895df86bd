"""What is wrong with a script, found by compiling it in the sandbox; nothing of it is executed."""

from collections.abc import Collection
from dataclasses import replace

from deputize.domain.start import INBOUND
from deputize.errors import ScriptRejected, did_you_mean
from deputize.execution.guests import Guests
from deputize.execution.parameters import wrong_parameters
from deputize.execution.recorder import PLATFORM
from deputize.use_cases.scripts import Candidate
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


class SandboxChecker:
    """Implements ``Checker``."""

    def __init__(self, sandbox: Guests) -> None:
        self._sandbox = sandbox

    async def check(self, candidate: Candidate) -> tuple[Diagnostic, ...]:
        """Return what is wrong with *candidate*."""
        if candidate.trigger is None:
            candidate = _importing(candidate)
        compiled = await compile_candidate(self._sandbox, candidate)
        return () if isinstance(compiled, CompiledScript) else compiled


def _importing(library: Candidate) -> Candidate:
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
    known = (PLATFORM, *sorted(endpoints))
    return tuple(
        Diagnostic(
            code="ENDPOINT_UNKNOWN",
            message=(
                f"No endpoint has been defined with name '{use.name}'.{did_you_mean(use.name, known)} "
                f"Endpoints: {', '.join(known)}."
            ),
            file=script.filename,
            line=use.line,
            column=use.column,
        )
        for use in script.endpoints
        if use.name not in known
    )
