"""``deputize backup``: a copy of the database, while the server runs."""

from pathlib import Path

from deputize.cli.deployed import OPERATOR, Deployed, Where, with_deployment
from deputize.cli.errors import ExitCode
from deputize.cli.terminal import Terminal
from deputize.use_cases.take_backup import take_backup

_KIB = 1024


def back_up_deployment(where: Where, target: Path, *, as_json: bool, plain: bool) -> ExitCode:
    """Copy the database to *target*, and say that the key is not in it."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> tuple[int, str]:
        return await take_backup(deployed.database, OPERATOR, target=target), deployed.deployment.key_place

    size, key = with_deployment(where, work)
    if as_json:
        terminal.write_json({"file": str(target), "bytes": size, "key": key})
    else:
        terminal.write(f"Backed up to {target}: {size / _KIB:,.0f} KiB.")
    terminal.say(f"The master key is not in it: keep {key} as well, and apart from the copy.")
    return ExitCode.OK
