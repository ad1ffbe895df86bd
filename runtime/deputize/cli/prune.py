"""``deputize prune``: remove what need not be kept any longer, now."""

from dataclasses import asdict
from pathlib import Path

from deputize.cli.deployed import OPERATOR, Deployed, Where, with_deployment
from deputize.cli.errors import ExitCode
from deputize.cli.terminal import Terminal
from deputize.project import Project, find_project
from deputize.use_cases.prune import Pruned, prune


def prune_deployment(where: Where, *, as_json: bool, plain: bool) -> ExitCode:
    """Remove what the project's ``[retention]`` does not keep, and say how much that was."""
    terminal = Terminal.open(plain=plain)
    retention = Project.load(find_project(where.project or Path())).file.retention

    async def work(deployed: Deployed) -> Pruned:
        return await prune(deployed.database, OPERATOR, retention)

    pruned = with_deployment(where, work)
    if as_json:
        terminal.write_json(asdict(pruned))
    else:
        terminal.write(
            f"Removed: {pruned.runs} runs, {pruned.denied} denied requests, {pruned.events} events, "
            f"{pruned.audit} audit records."
        )
        if retention.runs_days is None:
            terminal.say("Runs are kept for ever: set runs_days below [retention] in deputize.toml.")
    return ExitCode.OK
