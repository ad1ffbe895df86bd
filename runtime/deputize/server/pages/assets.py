"""The style sheet, scripts and pictures of the pages, at addresses that change with what they hold."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent / "static"
#: The parts of the one style sheet, in their order: later ones may rely on earlier ones.
_STYLE: Final = ("tokens", "elements", "forms", "shell", "activity", "run", "integrations", "deeds")
_KINDS: Final = {".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file as it is answered."""

    content: bytes = field(repr=False)
    media_type: str


def _read() -> dict[str, Asset]:
    style = "\n".join((_FOLDER / "style" / f"{name}.css").read_text(encoding="utf-8") for name in _STYLE)
    assets = {"deputize.css": Asset(content=style.encode(), media_type="text/css; charset=utf-8")}
    for path in sorted(_FOLDER.iterdir()):
        if path.suffix in _KINDS:
            assets[path.name] = Asset(content=path.read_bytes(), media_type=_KINDS[path.suffix])
    return assets


#: By the name at the end of their addresses.
ASSETS: Final[Mapping[str, Asset]] = _read()
#: Stands for all of them; with another one there are other addresses, and what browsers keep is not used.
EDITION: Final = hashlib.sha256(b"\0".join(each.content for each in ASSETS.values())).hexdigest()[:16]
#: What their addresses begin with, below wherever the application has been mounted.
PREFIX: Final = f"/static/{EDITION}"
