"""The import contracts of ``pyproject.toml`` hold."""

import subprocess
import sys
from pathlib import Path


def test_every_import_contract_is_kept():
    linter = Path(sys.executable).with_name("lint-imports")

    result = subprocess.run(
        [linter, "--no-cache"], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False
    )

    assert result.returncode == 0, result.stdout
