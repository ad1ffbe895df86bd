"""The job of compiling a script: what is said to the host of what was found."""

import base64
from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from deputize_guest.dialect.code_files import library_file
from deputize_guest.dialect.compile_script import Rejected
from deputize_guest.dialect.diagnostics import Problem
from deputize_guest.dialect.facade import Facade
from deputize_guest.dialect.modules import published
from deputize_guest.dialect.shared_libraries import Program, compile_program


def compile_job(
    job: Mapping[str, Any], facades: Mapping[str, Facade], *, more: Collection[str] = ()
) -> dict[str, Any]:
    """Return the frame that answers *job*; *more* are built-in names beside those that every script has."""
    found = compile_program(
        job["source"], modules=published(facades), shared=job.get("shared", {}), more=more
    )
    return _rejected(found) if isinstance(found, Rejected) else _compiled(found)


def _compiled(program: Program) -> dict[str, Any]:
    script = program.script
    frame: dict[str, Any] = {
        "kind": "compiled",
        "code": _text(script.code),
        "parameters": [asdict(each) for each in script.parameters],
        "endpoints": [asdict(each) for each in script.endpoints],
    }
    if program.libraries:
        frame["shared"] = {name: _text(code) for name, code in program.libraries.items()}
    return frame


def _rejected(rejected: Rejected) -> dict[str, Any]:
    return {"kind": "rejected", "diagnostics": [_diagnostic(each) for each in rejected.problems]}


def _diagnostic(problem: Problem) -> dict[str, Any]:
    diagnostic = {
        "code": problem.code,
        "message": problem.message,
        "line": problem.line,
        "column": problem.column,
        "severity": "error",
    }
    if problem.library:
        diagnostic["file"] = library_file(problem.library)
    return diagnostic


def _text(code: bytes) -> str:
    return base64.b64encode(code).decode()
