"""What is wrong with a script, as lines and as JSON."""

from typing import TYPE_CHECKING

from deputize.cli.escape import visible

if TYPE_CHECKING:
    from deputize_sandbox import Diagnostic


def diagnostic_line(diagnostic: "Diagnostic") -> str:
    """Return ``file:line:col  severity  CODE  message``, safe to show."""
    place = f"{diagnostic.file}:{diagnostic.line}:{diagnostic.column}"
    return visible(f"{place}  {diagnostic.severity}  {diagnostic.code}  {diagnostic.message}")


def diagnostic_json(diagnostic: "Diagnostic") -> dict[str, object]:
    """Return the fields of *diagnostic*, as every command prints them."""
    return {
        "file": diagnostic.file,
        "line": diagnostic.line,
        "column": diagnostic.column,
        "severity": diagnostic.severity,
        "code": diagnostic.code,
        "message": diagnostic.message,
    }
