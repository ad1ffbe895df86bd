"""Typings of ``deputize.script`` in which a project's names are literals, for editors and type checkers.

Theory of operation. ``deputize/script.pyi`` has the API's own classes; what takes a name of the project is
declared anew, from the source of the API itself, with that name's choices as its type. ``shared`` links to
the files of the libraries, so that their types are always those of now. A type checker finds the rest of the
package ``deputize`` where it is installed.
"""

import ast
import inspect
import os
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

from deputize import script
from deputize.errors import Misconfigured
from deputize.execution.recorder import PLATFORM
from deputize.project import Project
from deputize.project.source import libraries

#: Beside the project file; pyright and Pylance look there by themselves.
FOLDER: Final = "typings"
_HEAD: Final = '"""{what} Made by `deputize stubs`: make it anew rather than edit it."""\n\n'
_IMPORTS: Final = """\
from collections.abc import Iterable, Iterator
from typing import Any, Literal, Never, TypeAlias

from deputize_guest import api as _api
from deputize_guest.api.http_request import Fields, HeaderFields
"""
_ENDPOINT: Final = "endpoint"
#: What is declared anew: the class, its method that takes a name, and the parameter's type.
_BY_NAME: Final = (("Constants", "Constant", "str"), ("Secrets", "SecretName", "Secret"))
_OVERRIDES: Final = "  # type: ignore[override]"


class StubsBlocked(Misconfigured):
    """Where a link to a shared library would stand there is a file of somebody's own."""

    code = "STUBS_BLOCKED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What a project has by name, in all of its plans together."""

    endpoints: frozenset[str]
    constants: frozenset[str]
    secrets: frozenset[str]

    @classmethod
    def of(cls, project: Project) -> "Names":
        """Return the names of *project*."""
        file, plans = project.file, project.file.plans.values()
        return cls(
            endpoints=frozenset(
                {PLATFORM, *file.endpoints, *(name for each in plans for name in each.endpoints)}
            ),
            constants=frozenset(name for each in plans for name in each.constants),
            secrets=frozenset({*file.secrets, *(name for each in plans for name in each.secrets)}),
        )


def write_stubs(project: Project, folder: Path, *, scripts_only: bool = False) -> tuple[Path, ...]:
    """Write the typings of *project* into *folder* and return what was written. Raises ``StubsBlocked``.

    With *scripts_only* the package has nothing but what scripts import, and is read in a tenth of the time.
    """
    texts = _texts(project, scripts_only=scripts_only)
    for place, text in texts.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return (*(folder / place for place in texts), *_link_libraries(project, folder / "shared"))


def are_outdated(project: Project, folder: Path) -> bool:
    """Tell whether *folder* has typings, and they are not those that would be made of *project* now."""
    return any(
        (folder / place).is_file() and (folder / place).read_text("utf-8", errors="replace") != text
        for place, text in _texts(project).items()
    )


def _texts(project: Project, *, scripts_only: bool = False) -> dict[str, str]:
    """Return what the typings say, by their places in the folder."""
    return {
        "deputize/__init__.pyi": _HEAD.format(what="Deputize.") if scripts_only else _package(),
        "deputize/script.pyi": _script(Names.of(project)),
        "shared/__init__.pyi": _HEAD.format(what="The shared libraries of the project's plans."),
    }


def _link_libraries(project: Project, folder: Path) -> list[Path]:
    for path in folder.iterdir():
        if path.is_symlink():
            path.unlink()
    links: list[Path] = []
    for library in libraries(project):
        link = folder / f"{library.name}.py"
        if link in links:
            # Two plans may have one of the same name: an editor can know only the first.
            continue
        if link.exists():
            raise StubsBlocked(
                f"{link}: a file of your own is where the link to {library.path} would stand. "
                "Move it, or name another folder with --out."
            )
        link.symlink_to(os.path.relpath(library.path, folder.resolve()))
        links.append(link)
    return links


def _package() -> str:
    """Return the typings of the package itself, which hide those that are installed."""
    package = import_module("deputize")
    lines = [f"from {getattr(package, name).__module__} import {name} as {name}" for name in package.__all__]
    return _HEAD.format(what=package.__doc__) + "\n".join([*lines, "", "__version__: str", ""])


def _script(names: Names) -> str:
    anew = {"Http", *(name for name, _, _ in _BY_NAME)}
    same = [f"from deputize_guest.api import {each} as {each}" for each in script.__all__ if each not in anew]
    kinds = [
        f'{alias}: TypeAlias = {_literal(choices)}\n"""{what}"""'
        for alias, what, choices in (
            ("Endpoint", "No endpoint has been defined with another name.", names.endpoints),
            ("Constant", "The plans have no constant with another name.", names.constants),
            ("SecretName", "The plans have no secret with another name.", names.secrets),
        )
    ]
    classes = [_http(), *(_by_name(*each) for each in _BY_NAME)]
    head = _HEAD.format(what="What a script of this project imports.")
    return head + "\n".join([_IMPORTS + "\n".join(same), "", *kinds, "", *classes])


def _literal(choices: Iterable[str]) -> str:
    listed = ", ".join(map(repr, sorted(choices)))
    return f"Literal[{listed}]" if listed else "Never"


def _by_name(name: str, parameter: str, value: str) -> str:
    return (
        f"class {name}(_api.{name}):\n{_described(inspect.getdoc(getattr(script, name)), 4)}\n"
        f"    def __getitem__(self, name: {parameter}) -> {value}: ...{_OVERRIDES}\n"
    )


def _http() -> str:
    """Return the client, each of whose methods that takes an endpoint takes one that there is."""
    [own] = ast.parse(inspect.getsource(script.Http)).body
    lines = ["class Http(_api.Http):", _described(inspect.getdoc(script.Http), 4)]
    for method in own.body if isinstance(own, ast.ClassDef) else ():
        if not isinstance(method, ast.FunctionDef):
            continue
        taken = [each for each in method.args.kwonlyargs if each.arg == _ENDPOINT]
        for each in taken:
            each.annotation = ast.Name(id="Endpoint", ctx=ast.Load())
        if taken:
            returned = ast.unparse(method.returns) if method.returns else "None"
            lines += [
                f"    def {method.name}({ast.unparse(method.args)}) -> {returned}:{_OVERRIDES}",
                _described(ast.get_docstring(method), 8),
            ]
    return "\n".join([*lines, ""])


def _described(docstring: str | None, columns: int) -> str:
    return textwrap.indent(f'"""{docstring}\n"""', " " * columns)
