from dataclasses import KW_ONLY, asdict, astuple, dataclass, field, fields, is_dataclass, replace
from typing import ClassVar


@dataclass(order=True)
class Version:
    major: int
    minor: int = 0
    label: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float = 0.0

    def moved(self, dx: float) -> "Point":
        return replace(self, x=self.x + dx)


@dataclass(kw_only=True)
class Ticket:
    KINDS: ClassVar[tuple] = ("a", "b")
    title: str
    tags: list[str] = field(default_factory=list)
    point: Point = Point(0)
    _note: str = "n"

    def __post_init__(self):
        self.title = self.title.strip()


@dataclass
class Urgent(Ticket):
    _: KW_ONLY
    level: int = 1


def main():
    ticket = Urgent(title=" t ", level=2)
    other = Ticket(title="o", _note="m")
    ticket.tags.append("x")
    try:
        Point(1).x = 2
    except AttributeError as error:
        frozen = [type(error).__name__, str(error)]
    return [
        Version(1, 2) < Version(1, 10, "late"),
        Version(1) == Version(1, label="other"),
        repr(Point(1).moved(2)),
        hash(Point(1)) == hash(Point(1)),
        ticket.title,
        ticket.tags,
        other.tags,
        other._note,
        asdict(ticket),
        astuple(Version(3)),
        [each.name for each in fields(Ticket)],
        is_dataclass(Ticket),
        frozen,
        Ticket.KINDS,
    ]

# ends: returned [true, true, "Point(x=3, y=0.0)", true, "t", ["x"], [], "m", {"title": "t", "tags": ["x"], "point": {"x": 0, "y": 0.0}, "_note": "n", "level": 2}, [3, 0, ""], ["title", "tags", "point", "_note"], true, ["FrozenInstanceError", "cannot assign to field 'x'"], ["a", "b"]]
