"""What the end of a script leaves in the activity stream."""

from typing import Literal

from deputize.activity.entries import ErrorEntry, LimitHit, ResultEntry
from deputize.activity.stream import ActivityStream
from deputize.execution.budget import SETTING
from deputize_sandbox import CompiledScript, Crashed, Faulted, Outcome, OverLimit, Returned

EndState = Literal["COMPLETED", "FAILED", "CANCELED"]


def write_outcome(stream: ActivityStream, script: CompiledScript, outcome: Outcome) -> EndState:
    """Write the entry that says how the script ended, and return the run's state."""
    match outcome:
        case Returned(value=value):
            stream.append(ResultEntry, value=value)
            return "COMPLETED"
        case OverLimit(limit=limit, value=value):
            setting = SETTING.get(limit, "none; it is fixed")
            stream.append(
                LimitHit,
                limit=limit,
                value=value,
                setting=setting,
                message=f"Stopped at {limit} = {value:g}. To allow more, raise {setting} in deputize.toml.",
            )
            return "CANCELED"
        case Faulted():
            lines = script.source.splitlines()
            stream.append(
                ErrorEntry,
                line=outcome.traceback[-1].line if outcome.traceback else None,
                code="SCRIPT_RAISED",
                type=outcome.type,
                message=outcome.message,
                traceback=[
                    {
                        "line": frame.line,
                        "function": frame.function,
                        "text": lines[frame.line - 1].strip() if 0 < frame.line <= len(lines) else "",
                    }
                    for frame in outcome.traceback
                ],
            )
            return "FAILED"
        case Crashed(code=code, detail=detail):
            stream.append(ErrorEntry, code=code, type="Crashed", message=detail)
            return "FAILED"
