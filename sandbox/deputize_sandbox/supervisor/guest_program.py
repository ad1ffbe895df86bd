"""What the zygote executes: which interpreter, which loop, from where."""

import hashlib
import importlib.util
import sys
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
    #: Folders from which the zygote imports, besides those of the guest's own packages.
    roots: tuple[str, ...] = ()

    def command(self, control: int) -> list[str]:
        """Return the command line of a zygote whose control socket is the descriptor *control*."""
        folders = [_folder(name) for name in _PACKAGES]
        roots = dict.fromkeys([*(str(folder.parent) for folder in folders), *self.roots])
        main = folders[0] / "__main__.py"
        # No -E: with it the hash seed, all that the environment holds, would be ignored.
        return [_interpreter(), "-s", "-S", "-P", str(main), str(control), self.loop, *roots]

    def edition(self) -> str:
        """Return a fingerprint of everything that makes code of a script: interpreter and rules."""
        digest = hashlib.sha256(sys.version.encode())
        for folder in map(_folder, _PACKAGES):
            for path in sorted(folder.rglob("*.py")):
                digest.update(path.relative_to(folder).as_posix().encode())
                digest.update(path.read_bytes())
        return digest.hexdigest()


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{package} is not installed; the sandbox needs it inside", name=package)
    return Path(spec.origin).parent


def _interpreter() -> str:
    # In a virtual environment the interpreter behind it: it looks in fewer places, and needs none of them.
    return getattr(sys, "_base_executable", None) or sys.executable
