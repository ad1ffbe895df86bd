"""The wall: compiles and runs scripts in jailed processes, and believes nothing that they say."""

from deputize_sandbox.capability import (
    Answer,
    Answered,
    CallHandler,
    Failed,
    GuestCall,
    LimitReached,
    Provided,
)
from deputize_sandbox.errors import (
    GuestUnavailable,
    JailUnavailable,
    SandboxClosed,
    SandboxError,
    ZygoteFailed,
)
from deputize_sandbox.jail.report import JailReport, LayerReport, Tier
from deputize_sandbox.limits import SandboxLimits
from deputize_sandbox.outcome import Crashed, Faulted, Outcome, OverLimit, Returned, ScriptFrame, Usage
from deputize_sandbox.sandbox import Sandbox, examine
from deputize_sandbox.script import CompiledScript, Diagnostic, EndpointUse, Parameter, Rejected
from deputize_sandbox.supervisor.pool import PoolSize

__all__ = [
    "Answer",
    "Answered",
    "CallHandler",
    "CompiledScript",
    "Crashed",
    "Diagnostic",
    "EndpointUse",
    "Failed",
    "Faulted",
    "GuestCall",
    "GuestUnavailable",
    "JailReport",
    "JailUnavailable",
    "LayerReport",
    "LimitReached",
    "Outcome",
    "OverLimit",
    "Parameter",
    "PoolSize",
    "Provided",
    "Rejected",
    "Returned",
    "Sandbox",
    "SandboxClosed",
    "SandboxError",
    "SandboxLimits",
    "ScriptFrame",
    "Tier",
    "Usage",
    "ZygoteFailed",
    "examine",
]
