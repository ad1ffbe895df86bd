"""Has a type checker look at scripts, as they stand and with the names of their project.

Theory of operation. The typings of the project are made for the occasion, so that a name which it does not
have is a type error. The configuration that stands beside the project file holds; one of a folder above is
for something else. The shared libraries that a script imports are looked at with it.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from deputize.project import Project
from deputize.stubs import write_stubs
from deputize.type_check.checker import Found, TypeChecker
from deputize.type_check.imported import imported
from deputize.type_check.mypy_checker import Mypy
from deputize.type_check.pyright_checker import Pyright
from deputize_sandbox import Diagnostic


def type_checker_of(project: Project) -> TypeChecker | None:
    """Return the type checker for *project*: the one that it configures, or else mypy, or else pyright.

    None where neither is installed.
    """
    mypy, pyright = Mypy.installed(), Pyright.installed()
    if pyright is not None and pyright.is_configured(project.root):
        return pyright
    return mypy or pyright


def check_types(
    files: Mapping[Path, str], *, project: Project, checker: TypeChecker
) -> tuple[Diagnostic, ...]:
    """Return what *checker* finds in *files*: scripts of *project*, and the name that each is shown by.

    What it finds in the shared libraries that they import is told as well. Raises ``TypeCheckerFailed``.
    """
    if not files:
        return ()
    shown = {path.resolve(): name for path, name in files.items()}
    libraries = [each for each in imported(shown, project) if each not in shown]
    with TemporaryDirectory(prefix="deputize-") as folder:
        write_stubs(project, Path(folder), scripts_only=True)
        found = checker.check(
            list(shown), libraries=libraries, root=project.root, typings=Path(folder).resolve()
        )
        return tuple(_diagnostics(found, shown, root=project.root))


def _diagnostics(found: Iterable[Found], shown: Mapping[Path, str], *, root: Path) -> Iterator[Diagnostic]:
    for each in found:
        below = str(each.file.relative_to(root)) if each.file.is_relative_to(root) else None
        file = shown.get(each.file, below)
        if file is None:
            # The typings themselves, or a package that is installed: nothing that an author could change.
            continue
        yield Diagnostic(
            code="TYPE",
            message=f"{each.message} [{each.rule}]" if each.rule else each.message,
            file=file,
            line=each.line,
            column=each.column,
            severity=each.severity,
        )
