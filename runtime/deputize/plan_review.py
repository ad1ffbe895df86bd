"""What a script names that its plan does not have, and what its author may not have noticed."""

from collections.abc import Iterable, Iterator
from typing import Final

from deputize.errors import did_you_mean
from deputize.execution.recorder import PLATFORM
from deputize.execution.resources import Resources
from deputize.script_review.name_review import NamedUse
from deputize.script_review.review import review_script
from deputize_client import unknown_endpoint
from deputize_sandbox import Diagnostic

_STATUS_IGNORED: Final = (
    "the status of this answer is never looked at; a refusal (403) would pass unnoticed. "
    "Look at ok, refused or status_code, or call raise_for_status()."
)


def review_in_plan(source: str, *, file: str, resources: Resources) -> Iterator[Diagnostic]:
    """Yield what reading *source*, which stands in *file*, finds against the *resources* of its plan."""
    review = review_script(source)
    if review is None:
        return
    services: set[str] = set()
    for use in review.named:
        found = _unknown(use, file, resources) or _service(use, file, resources)
        if found is None or (found.severity == "note" and use.name in services):
            continue
        services.add(use.name)
        yield found
    for ignored in review.ignored:
        yield Diagnostic(
            code="STATUS_IGNORED",
            message=f"{ignored.call}: {_STATUS_IGNORED}",
            file=file,
            line=ignored.line,
            column=ignored.column,
            severity="note",
        )


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return *diagnostics* of one file as they stand in it."""
    return tuple(sorted(diagnostics, key=lambda each: (each.line, each.column)))


def _unknown(use: NamedUse, file: str, resources: Resources) -> Diagnostic | None:
    match use.kind:
        case "endpoint":
            known = {PLATFORM, *resources.endpoints}
            message = unknown_endpoint(use.name, known)
        case "constant" | "secret":
            known = {*(resources.constants if use.kind == "constant" else resources.secrets)}
            message = (
                f'the plan has no {use.kind} "{use.name}".{did_you_mean(use.name, known)} '
                f"{use.kind.capitalize()}s: {', '.join(sorted(known)) or 'none'}."
            )
    if use.name in known:
        return None
    code = f"{use.kind.upper()}_UNKNOWN"
    return Diagnostic(code=code, message=message, file=file, line=use.line, column=use.column)


def _service(use: NamedUse, file: str, resources: Resources) -> Diagnostic | None:
    endpoint = resources.endpoints.get(use.name) if use.kind == "endpoint" else None
    if endpoint is None or endpoint.sent_as != "service":
        return None
    return Diagnostic(
        code="SERVICE_IDENTITY",
        message=f'endpoint "{use.name}" always sends as its service account, whoever sets the script off.',
        file=file,
        line=use.line,
        column=use.column,
        severity="note",
    )
