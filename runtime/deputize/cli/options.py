"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

Project = Annotated[
    Path | None,
    typer.Option(
        "--project",
        metavar="DIR",
        help="The project's folder or file. [default: the nearest folder upward that has deputize.toml]",
        show_default=False,
    ),
]
Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="The folder of the server's database and key. [default: .deputize beside deputize.toml]",
        show_default=False,
    ),
]
StandIns = Annotated[
    bool, typer.Option("--stand-ins", help="Serve the project's canned routes in place of its endpoints.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
AsLines = Annotated[bool, typer.Option("--ndjson", help="Print each entry as a line of JSON.")]
Plain = Annotated[bool, typer.Option("--plain", help="Words instead of symbols, and no colour.")]
Initiator = Annotated[
    str | None, typer.Option("--initiator", metavar="USER", help="Only what this user set off.")
]
OfIntegration = Annotated[
    str | None, typer.Option("--integration", metavar="NAME", help="Only of this integration.")
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="TIME", help="That time or later: 2026-11-25T14:00Z, or 2h for 2 hours ago."
    ),
]
Until = Annotated[str | None, typer.Option("--until", metavar="TIME", help="Before that time.")]
Limit = Annotated[int, typer.Option("--limit", metavar="N", min=1, max=1000, help="How many, newest first.")]
