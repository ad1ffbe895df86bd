"""What somebody has to see to before an integration is as it should be."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from deputize.domain.integration import Integration, ScriptVersion

WarningCode: TypeAlias = Literal["LEGACY", "METHOD_NOT_CHOSEN", "TO_BE_PORTED"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationWarning:
    """One thing to see to, as a sentence and under a stable code."""

    code: WarningCode
    detail: str


def warnings_of(integration: Integration, version: ScriptVersion | None) -> tuple[IntegrationWarning, ...]:
    """Return what is to be seen to of *integration*, whose present script is *version*."""
    found = []
    if integration.legacy:
        found.append(
            IntegrationWarning(
                code="LEGACY",
                detail="It is from before the methods of authentication: callers are let in as the legacy "
                "terms of its plan say, and whoever they are, its script calls as the owner of the plan's "
                "endpoint. It cannot be edited until a method is chosen.",
            )
        )
    elif integration.unchosen:
        found.append(
            IntegrationWarning(
                code="METHOD_NOT_CHOSEN",
                detail="No method of authentication has been chosen: every request is refused, and the "
                "script cannot be edited until one is.",
            )
        )
    if version is not None and not version.runnable:
        found.append(
            IntegrationWarning(
                code="TO_BE_PORTED",
                detail=f"Its script is in {version.language} and cannot be run. Save it in Python.",
            )
        )
    return tuple(found)
