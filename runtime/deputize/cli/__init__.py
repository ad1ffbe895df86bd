"""The command line: ``deputize``."""

from typing import NoReturn


def main() -> NoReturn:
    """Run the command that the process was started with, and exit with its code."""
    import sys  # noqa: PLC0415 - importing this package costs nothing

    from deputize.cli.app import run_command_line  # noqa: PLC0415 - typer is needed from here on

    sys.exit(run_command_line(sys.argv[1:]))
