"""What the zygote loads first are libraries, and nothing that could begin to fill its memory."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from deputize_guest import large_pages

_ROOT = Path(large_pages.__file__).parent.parent


@pytest.mark.parametrize("name", large_pages._IN_C)
def test_what_is_loaded_first_is_a_library_or_not_there(name: str) -> None:
    spec = importlib.util.find_spec(name)

    assert spec is None or spec.origin == "built-in" or str(spec.origin).endswith(".so")


def test_memory_that_is_put_together_keeps_what_is_in_it() -> None:
    program = (
        "from deputize_guest import large_pages\n"
        "large_pages.load_libraries()\n"
        "kept = [str(number) * 50 for number in range(100_000)]\n"
        "large_pages.collapse()\n"
        "print(kept == [str(number) * 50 for number in range(100_000)])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=_ROOT
    )

    assert ran.stdout == "True\n"
