"""What the compiler's answer says of a script: its code, or everything that is wrong with it."""

import hashlib
from collections.abc import Mapping
from typing import TypeAlias

from deputize_sandbox.outcome import Crashed, OverLimit
from deputize_sandbox.script import CompiledScript, Diagnostic, EndpointUse, Parameter, Rejected
from deputize_sandbox.supervisor.messages import CompiledMessage, RejectedMessage

Compilation: TypeAlias = CompiledMessage | RejectedMessage | OverLimit | Crashed


def sha256_of(text: str) -> str:
    """Return the fingerprint of a script's text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def compiled_script(
    answer: Compilation,
    *,
    source: str,
    filename: str,
    shared: Mapping[str, str],
    sha256: str,
    edition: str,
) -> CompiledScript | Rejected:
    """Return what *answer* says of the script; the rest is what was asked about."""
    match answer:
        case CompiledMessage():
            return CompiledScript(
                sha256=sha256,
                filename=filename,
                source=source,
                code=answer.code,
                parameters=tuple(
                    Parameter(name=each.name, line=each.line, column=each.column, required=each.required)
                    for each in answer.parameters
                ),
                endpoints=tuple(
                    EndpointUse(name=each.name, line=each.line, column=each.column)
                    for each in answer.endpoints
                ),
                edition=edition,
                libraries=dict(shared),
                shared=answer.shared,
            )
        case RejectedMessage():
            return Rejected(
                diagnostics=tuple(
                    Diagnostic(
                        code=each.code,
                        message=each.message,
                        file=each.file or filename,
                        line=each.line,
                        column=each.column,
                        severity=each.severity,
                    )
                    for each in answer.diagnostics
                )
            )
        case OverLimit(limit=limit, value=value):
            return _too_much(filename, f"compiling it takes more than {limit} = {value:g}")
        case Crashed(detail=detail):
            return _too_much(filename, f"the compiler did not survive it ({detail})")


def _too_much(filename: str, what: str) -> Rejected:
    message = f"The script is too large or nested too deeply: {what}. Split it into smaller functions."
    return Rejected(
        diagnostics=(Diagnostic(code="SCRIPT_TOO_LARGE", message=message, file=filename, line=1, column=1),)
    )
