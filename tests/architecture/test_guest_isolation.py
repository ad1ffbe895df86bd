"""The guest package loads nothing of ours but itself."""

import subprocess
import sys
from pathlib import Path

import deputize_guest

PROBE = """
import importlib, pkgutil, sys
import deputize_guest
for module in pkgutil.walk_packages(deputize_guest.__path__, "deputize_guest."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
print("\\n".join(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def test_importing_the_whole_guest_loads_the_standard_library_and_restricted_python_only():
    roots = [str(Path(deputize_guest.__file__).parents[1])]
    import RestrictedPython

    roots.append(str(Path(RestrictedPython.__file__).parents[1]))
    program = f"import sys; sys.path[:0] = {roots!r}\n{PROBE}"

    loaded = subprocess.run(
        [sys.executable, "-S", "-s", "-P", "-c", program], capture_output=True, text=True, check=True, env={}
    ).stdout.split()

    outside = set(loaded) - set(sys.stdlib_module_names) - {"__main__", "RestrictedPython", "deputize_guest"}
    assert {name for name in outside if not name.startswith("_")} == set()
