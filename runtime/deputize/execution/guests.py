"""Who compiles scripts and runs them: the sandbox, or what stands in for it in a test."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from deputize_sandbox import (
    CallHandler,
    CompiledScript,
    JailReport,
    Outcome,
    Provided,
    Rejected,
    SandboxLimits,
)


class Guests(Protocol):
    """Compiles and runs; what a script does wrong is in what is returned."""

    @property
    def report(self) -> JailReport:
        """What confines the scripts that are run here."""
        ...

    async def compile(
        self, source: str, *, filename: str, shared: Mapping[str, str] = MappingProxyType({})
    ) -> CompiledScript | Rejected:
        """Compile *source*, or return what is wrong with it. Nothing of it is executed."""
        ...

    async def run(
        self,
        script: CompiledScript,
        *,
        provide: Mapping[str, Provided],
        handler: CallHandler,
        limits: SandboxLimits,
        seed: str | None = None,
        now: datetime | None = None,
    ) -> Outcome:
        """Run *script* and return how that ended."""
        ...
