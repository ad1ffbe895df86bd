from typing import (
    TYPE_CHECKING, Annotated, Any, Callable, Dict, Final, Iterator, List, Literal, NamedTuple, NewType, Optional,
    Sequence, Tuple, TypedDict, TypeVar, Union, cast,
)

if TYPE_CHECKING:
    from decimal import Decimal

T = TypeVar("T")
UserId = NewType("UserId", int)
LIMIT: Final = 3
Handler = Callable[[str, int], Optional[bool]]
Pairs = list[tuple[str, int]]


class Movie(TypedDict):
    title: str
    year: int


class Point(NamedTuple):
    x: int
    y: int = 0


def first(items: Sequence[T], default: Union[T, None] = None) -> T | None:
    return items[0] if items else default


def parse(raw: Dict[str, Any], kind: Literal["a", "b"] = "a", note: Annotated[str, "n"] = "") -> Iterator[Tuple[str, List[int]]]:
    yield kind, [cast(int, raw["n"])]


def main() -> list[Any]:
    movie = Movie(title="x", year=1)
    movie["year"] += 1
    return [first([1]), first([], 5), list(parse({"n": 2})), UserId(7), LIMIT, movie, Point(1), Point(1).x, str(Optional[int])]

# ends: returned [1, 5, [["a", [2]]], 7, 3, {"title": "x", "year": 2}, [1, 0], 1, "typing.Optional[int]"]
