"""Annotations stay, and mean nothing while running."""
from typing import Any, Optional

limit: int = 3
later: "list[str]"


def scale(value: float, *, by: Optional[float] = None) -> dict[str, Any]:
    factor: float = by or 2
    return {"value": value * factor}


class Box:
    width: int = 1
    height: int


def main() -> list[object]:
    box = Box()
    box.height: int = 4
    return [scale(2), scale(1, by=5), limit, box.width, box.height]

# ends: returned [{"value": 4}, {"value": 5}, 3, 1, 4]
