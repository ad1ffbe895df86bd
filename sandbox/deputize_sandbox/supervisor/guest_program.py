"""What the zygote executes: which interpreter, which loop, from where."""

import hashlib
import importlib.util
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from deputize_sandbox.supervisor.rehearsal import Rehearsal

_PACKAGES: Final = ("deputize_guest", "RestrictedPython")


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestProgram:
    """The program of the inside. The host only ever looks where it lies; it imports nothing of it."""

    #: The module whose ``serve`` a guest calls.
    loop: str = "deputize_guest.loop"
    #: What the zygote practises; None: nothing, and no guest is parked.
    rehearsal: Rehearsal | None = field(default_factory=Rehearsal)
    #: Modules of the application that scripts may import, each with the names that are safe.
    modules: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Folders from which the zygote imports, besides those of the guest's packages and of the modules.
    roots: tuple[str, ...] = ()

    def command(self, control: int) -> list[str]:
        """Return the command line of a zygote whose control socket is the descriptor *control*."""
        packages = [*_PACKAGES, *self.modules]
        roots = dict.fromkeys([*(str(_place(name)) for name in packages), *self.roots])
        main = _place(_PACKAGES[0]) / _PACKAGES[0] / "__main__.py"
        # No -E: with it the hash seed, all that the environment holds, would be ignored.
        return [_interpreter(), "-s", "-S", "-P", str(main), str(control), self.loop, *roots]

    def plan(self) -> dict[str, object]:
        """Return what the zygote is told of it: JSON."""
        return {
            "modules": {name: list(names) for name, names in self.modules.items()},
            "rehearsal": None if self.rehearsal is None else self.rehearsal.plan(),
        }

    def edition(self) -> str:
        """Return a fingerprint of everything that makes code of a script: interpreter and rules."""
        digest = hashlib.sha256(sys.version.encode())
        digest.update(json.dumps(self.plan(), sort_keys=True).encode())
        for package in _PACKAGES:
            folder = _place(package) / package
            for path in sorted(folder.rglob("*.py")):
                digest.update(path.relative_to(folder).as_posix().encode())
                digest.update(path.read_bytes())
        return digest.hexdigest()


def _place(module: str) -> Path:
    """Return the folder from which *module* is imported."""
    package = module.partition(".")[0]
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(
            f"{module} is not installed here; the sandbox needs it inside", name=package
        )
    origin = Path(spec.origin)
    return origin.parent if spec.submodule_search_locations is None else origin.parent.parent


def _interpreter() -> str:
    # In a virtual environment the interpreter behind it: it looks in fewer places, and needs none of them.
    return getattr(sys, "_base_executable", None) or sys.executable
