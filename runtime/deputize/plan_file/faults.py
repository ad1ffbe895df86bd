"""What is wrong with a plan file, and where in it."""

from dataclasses import dataclass
from typing import Final

from deputize.errors import Refused, shown

#: Faults that are told; whoever made the file has made more of the same.
_MOST_TOLD: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFault:
    """One thing that is wrong."""

    #: The file in the zip; None: the zip itself.
    member: str | None = None
    #: The JSON Pointer to the value; empty: the whole of it.
    pointer: str = ""
    #: A sentence: what is wrong with it, and what to do.
    detail: str

    def __str__(self) -> str:
        """Return it as one line: ``integrations/integrations.json#/integrations/3/name: …``."""
        if self.member is None:
            return self.detail
        where = shown(self.member) + (f"#{shown(self.pointer)}" if self.pointer else "")
        return f"{where}: {self.detail}"


class PlanFileInvalid(Refused):
    """The plan file cannot be read; ``faults`` says where and why. Nothing was imported."""

    code = "PLAN_FILE_INVALID"

    def __init__(self, *faults: PlanFault) -> None:
        lines = [str(each) for each in faults[:_MOST_TOLD]]
        if len(faults) > _MOST_TOLD:
            lines.append(f"There are {len(faults) - _MOST_TOLD} more faults of this kind.")
        super().__init__("\n".join(lines))
        self.faults = faults
