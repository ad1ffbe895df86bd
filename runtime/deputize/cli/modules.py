"""``deputize modules``: what scripts may import."""

from rich.text import Text

from deputize.cli.errors import ExitCode
from deputize.cli.table import write_table
from deputize.cli.terminal import Terminal
from deputize.errors import Refused, did_you_mean
from deputize_guest.dialect.modules import build, published

#: Names of a module that the list shows; one module alone is shown with all.
_SHOWN = 6


class UnknownModule(Refused):
    """Scripts cannot import a module of that name."""

    code = "UNKNOWN_MODULE"


def list_modules(module: str | None, *, as_json: bool, plain: bool) -> ExitCode:
    """Print the modules that scripts may import with their names, or every name of *module*."""
    terminal = Terminal.open(plain=plain)
    found = {name: sorted(names) for name, names in sorted(published(build()).items()) if names}
    if module is not None:
        if module not in found:
            raise UnknownModule(
                f'scripts cannot import "{module}".{did_you_mean(module, found)} '
                "`deputize modules` lists what they can."
            )
        found = {module: found[module]}
    if as_json:
        terminal.write_json({"data": [{"name": name, "names": names} for name, names in found.items()]})
    elif module is None:
        write_table(terminal, ("Module", "Names"), [[name, _some(names)] for name, names in found.items()])
    else:
        for name in found[module]:
            terminal.write(Text(name))
    return ExitCode.OK


def _some(names: list[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f", … {more} more" if more > 0 else "")
