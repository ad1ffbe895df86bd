"""What the end of a script leaves in the activity stream."""

from typing import Literal

from deputize.activity.entries import ErrorEntry, LimitHit, ResultEntry
from deputize.activity.stream import ActivityStream
from deputize.execution.budget import SETTING
from deputize_sandbox import CompiledScript, Crashed, Faulted, Outcome, OverLimit, Returned, ScriptFrame

EndState = Literal["COMPLETED", "FAILED", "CANCELED"]


def write_outcome(stream: ActivityStream, script: CompiledScript, outcome: Outcome) -> EndState:
    """Write the entry that says how the script ended, and return the run's state."""
    match outcome:
        case Returned(value=value):
            stream.append(ResultEntry, value=value)
            return "COMPLETED"
        case OverLimit(limit=limit, value=value):
            setting = SETTING.get(limit, "none; it is fixed")
            # As a setting is written: 1048576 and 0.5, neither 1.04858e+06 nor 60.0.
            number = f"{value:.15g}"
            stream.append(
                LimitHit,
                limit=limit,
                value=value,
                setting=setting,
                message=f"Stopped at {limit} = {number}. To allow more, raise {setting} in deputize.toml.",
            )
            return "CANCELED"
        case Faulted():
            own = [frame.line for frame in outcome.traceback if frame.file is None]
            stream.append(
                ErrorEntry,
                line=own[-1] if own else None,
                code="SCRIPT_RAISED",
                type=outcome.type,
                message=outcome.message,
                traceback=[
                    {
                        "line": frame.line,
                        "function": frame.function,
                        "text": _text(script, frame),
                        "file": frame.file,
                    }
                    for frame in outcome.traceback
                ],
            )
            return "FAILED"
        case Crashed(code=code, detail=detail):
            stream.append(ErrorEntry, code=code, type="Crashed", message=detail)
            return "FAILED"


def _text(script: CompiledScript, frame: ScriptFrame) -> str:
    """Return the line that *frame* names; empty where there is none."""
    source = script.source
    if frame.file is not None:
        source = script.libraries.get(frame.file.removeprefix("shared/").removesuffix(".py"), "")
    lines = source.splitlines()
    return lines[frame.line - 1].strip() if 0 < frame.line <= len(lines) else ""
