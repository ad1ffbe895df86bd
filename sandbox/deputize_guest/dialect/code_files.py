"""What a script's code calls its file, to be found again in a traceback.

No path: where a script cannot be parsed, the interpreter looks into a file of that name for the line.
"""

from typing import Final

#: The file of the script itself.
SCRIPT_FILE: Final = "<script>"
_LIBRARY: Final = "<shared {}>"


def library_code_file(name: str) -> str:
    """Return what the code of shared library *name* calls its file."""
    return _LIBRARY.format(name)


def library_file(name: str) -> str:
    """Return what people are told of the file of shared library *name*."""
    return f"shared/{name}.py"
