"""``deputize version``."""

import platform

from deputize import __version__
from deputize.cli.errors import ExitCode
from deputize.cli.terminal import Terminal


def print_version(*, as_json: bool) -> ExitCode:
    """Print the version of the product and of the Python that runs it."""
    terminal = Terminal.open()
    if as_json:
        terminal.write_json({"version": __version__, "python": platform.python_version()})
    else:
        terminal.write(f"deputize {__version__} (Python {platform.python_version()})")
    return ExitCode.OK
