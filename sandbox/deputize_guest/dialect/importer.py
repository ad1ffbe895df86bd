"""What the interpreter calls for an import of a script, and for C code that imports on its behalf."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from deputize_guest.dialect.facade import Facade, public_names
from deputize_guest.dialect.importable import SHARED

#: Modules that C code of the standard library imports through the script that called it. It takes them from
#: the interpreter's own list afterwards, so that the answer does not matter; no script can write these names.
_FOR_THE_INTERPRETER: Final = frozenset({"_strptime"})


class Importer:
    """Answers ``__import__`` of one run out of the facades and the plan's shared libraries."""

    def __init__(self, facades: Mapping[str, Facade], execute: Callable[[str], Mapping[str, Any]]) -> None:
        self._facades = facades
        self._execute = execute
        self._libraries: dict[str, Facade] = {}

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
        if name == SHARED or name.startswith(f"{SHARED}."):
            return self._shared(name, fromlist or ())
        facade = self._facades.get(name)
        if facade is None or level:
            raise ImportError(f'the module "{name}" is not available', name=name)
        if not fromlist:
            return self._facades[name.partition(".")[0]]
        known = public_names(facade)
        for each in fromlist:
            # C code asks for "__doc__", to be given the module itself.
            if each not in known and each != "__doc__":
                raise ImportError(f'{name} has no "{each}" for scripts', name=name)
        return facade

    def _shared(self, name: str, fromlist: Sequence[str]) -> Facade:
        if name != SHARED:
            library = self._library(name.removeprefix(f"{SHARED}."))
            if fromlist:
                return library
            return Facade(SHARED, {name.removeprefix(f"{SHARED}."): library})
        return Facade(SHARED, {each: self._library(each) for each in fromlist})

    def _library(self, name: str) -> Facade:
        if name not in self._libraries:
            self._libraries[name] = Facade(name, {})
            vars(self._libraries[name]).update(self._execute(name))
        return self._libraries[name]
