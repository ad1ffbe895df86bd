"""What a script may import, as the compiler knows it: modules, their names, the plan's shared libraries."""

from collections.abc import Collection, Mapping
from typing import Final

from deputize_guest.dialect.diagnostics import did_you_mean, nearest_or_all

#: Where authors import the types of ``main``'s parameters from.
API: Final = "deputize.script"
#: Where a plan's shared libraries are imported from.
SHARED: Final = "shared"

#: What to use instead of modules that are asked for most.
INSTEAD: Final = {
    "aiohttp": "name http among main's parameters",
    "asyncio": "use http.send_all for calls at once",
    "httpx": "name http among main's parameters",
    "inspect": "name what you need outright",
    "logging": "name log among main's parameters, or use print",
    "lxml": "use xml.etree.ElementTree",
    "os": "use constants and payload; a script has no environment and no files",
    "pathlib": "a script has no files; use io.StringIO or io.BytesIO",
    "pickle": "use json",
    "requests": "name http among main's parameters",
    "secrets": "name secrets among main's parameters; for random values use uuid.uuid4",
    "socket": "name http among main's parameters",
    "ssl": "name http among main's parameters",
    "subprocess": "a script starts no programs",
    "sys": "return from main, or raise; a script has no interpreter of its own",
    "tempfile": "a script has no files; use io.StringIO or io.BytesIO",
    "threading": "use http.send_all for calls at once",
    "traceback": "raise; the run shows the traceback",
    "types": "use dataclasses",
    "urllib": "use urllib.parse, and name http among main's parameters for calls",
    "urllib.request": "name http among main's parameters",
    "yaml": "use json",
}

Refusal = tuple[str, str]


class Importable:
    """Judges imports; each ``refuse_…`` returns code and message, or None."""

    def __init__(self, modules: Mapping[str, Collection[str]], shared: Collection[str]) -> None:
        self._modules = modules
        self._shared = shared
        #: The shared libraries that were asked for and are there.
        self.used: list[str] = []

    def refuse_module(self, name: str) -> Refusal | None:
        """Judge ``import name``."""
        if name in self._modules:
            return None
        if name == SHARED:
            return "IMPORT_NOT_ALLOWED", "shared libraries are imported by name: from shared import NAME"
        if name.startswith(f"{SHARED}."):
            return self._refuse_library(name.removeprefix(f"{SHARED}."))
        return self._refuse(name)

    def refuse_source(self, module: str | None, level: int) -> Refusal | None:
        """Judge ``from module import …`` as far as the module goes."""
        if level or module is None:
            return (
                "IMPORT_NOT_ALLOWED",
                "a script is no part of a package; shared code is imported from shared",
            )
        if module == SHARED:
            return None
        return self.refuse_module(module)

    def refuse_name(self, module: str, name: str) -> Refusal | None:
        """Judge one name of ``from module import …``, the module being importable."""
        if name == "*":
            return "IMPORT_NOT_ALLOWED", 'names are imported one by one, or as "import MODULE"'
        if module == SHARED:
            return self._refuse_library(name)
        if module.startswith(f"{SHARED}."):
            return None
        known = self._modules[module]
        if name in known or f"{module}.{name}" in self._modules:
            return None
        return "IMPORT_NOT_ALLOWED", f'{module} has no "{name}" for scripts.{nearest_or_all(name, known)}'

    def _refuse_library(self, name: str) -> Refusal | None:
        if name in self._shared:
            if name not in self.used:
                self.used.append(name)
            return None
        near = did_you_mean(name, self._shared)
        listed = f" Libraries: {', '.join(sorted(self._shared))}." if self._shared else ""
        return (
            "SHARED_UNKNOWN",
            f'the plan has no shared library "{name}".{near}{listed}',
        )

    def _refuse(self, name: str) -> Refusal:
        instead = INSTEAD.get(name) or INSTEAD.get(name.partition(".")[0])
        if instead is not None:
            return "IMPORT_NOT_ALLOWED", f'the module "{name}" is not available; {instead}.'
        hint = did_you_mean(name, self._modules) or f" Modules: {', '.join(sorted(self._modules))}."
        return "IMPORT_NOT_ALLOWED", f'the module "{name}" is not available.{hint}'
