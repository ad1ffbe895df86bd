"""Names that people give: what can stand in an address, in a message and in a file."""

from typing import Final

from deputize.use_cases.errors import Fault, Invalid

_LONGEST: Final = 200


def refuse_unfit_name(name: str, *, pointer: str = "/name") -> None:
    """Raise ``Invalid`` for a *name* that could not be asked for, or would not be read as it is."""
    if not 0 < len(name) <= _LONGEST:
        problem = f"A name has 1 to {_LONGEST} characters."
    elif not name.isprintable() or name != name.strip():
        problem = "A name has no control characters, and no space before or after it."
    elif name in (".", "..") or "/" in name or "\\" in name:
        problem = "A name has no slash or backslash, and is not made of dots: it stands in addresses."
    else:
        return
    raise Invalid(Fault(pointer=pointer, detail=problem))
