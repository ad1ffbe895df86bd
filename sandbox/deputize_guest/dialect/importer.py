"""What the interpreter calls for an import of a script, and for C code that imports on its behalf."""

import sys
from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any, Final

from deputize_guest.dialect.facade import Facade, Library, is_public
from deputize_guest.dialect.importable import SHARED

if sys.version_info >= (3, 12):
    # What C code looks for among the modules when it divides integers of many digits.
    import _pylong  # noqa: F401 - loaded, not used

#: Modules that C code of the standard library imports through the script that called it. It takes them from
#: the interpreter's own list afterwards, so that the answer does not matter; no script can write these names.
_FOR_THE_INTERPRETER: Final = frozenset({"_pylong", "_strptime"})
#: Modules through which a script can draw at random.
_DRAW: Final = frozenset({"random", "statistics", "uuid"})


class Importer:
    """Answers ``__import__`` of one run out of the facades and the plan's shared libraries."""

    def __init__(
        self,
        facades: Mapping[str, Facade],
        execute: Callable[[str], dict[str, Any]],
        seed: Callable[[], None] | None = None,
        interpreter: Container[str] = (),
    ) -> None:
        self._facades = facades
        #: Modules that C code may look up through the script besides: those of a debugger.
        self._interpreter = interpreter
        #: Seeds what draws at random. Most scripts draw nothing, so it waits for the first module that does.
        self._seed = seed
        #: Runs a shared library and returns its names.
        self._execute = execute
        self._libraries: dict[str, Library] = {}

    def __call__(
        self,
        name: str,
        globals: object = None,  # noqa: A002 - the interpreter's own signature
        locals: object = None,  # noqa: A002 - the interpreter's own signature
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> object:
        """Return the facade or library that the statement asks for. Raises ImportError."""
        if name in _FOR_THE_INTERPRETER:
            return None
        if name == SHARED:
            return Facade(SHARED, {each: self._library(each) for each in fromlist or ()})
        if name.startswith(f"{SHARED}."):
            return self._from_library(name.removeprefix(f"{SHARED}."), fromlist or ())
        facade = self._facades.get(name)
        if facade is None and name in self._interpreter:
            return None
        if facade is None or level:
            raise ImportError(f'the module "{name}" is not available', name=name)
        if name in _DRAW and self._seed is not None:
            self._seed()
            self._seed = None
        if not fromlist:
            return self._facades[name.partition(".")[0]]
        _check(name, facade, fromlist)
        return facade

    def _from_library(self, name: str, fromlist: Sequence[str]) -> object:
        library = self._library(name)
        if not fromlist:
            return Facade(SHARED, {name: library})
        _check(f"{SHARED}.{name}", library, fromlist)
        return library

    def _library(self, name: str) -> Library:
        if name not in self._libraries:
            self._libraries[name] = Library(name, self._execute(name))
        return self._libraries[name]


def _check(name: str, source: Facade | Library, fromlist: Sequence[str]) -> None:
    for each in fromlist:
        # C code asks for "__doc__", to be given the module itself.
        if each != "__doc__" and not (is_public(each) and each in vars(source)):
            raise ImportError(f'{name} has no "{each}" for scripts', name=name)
