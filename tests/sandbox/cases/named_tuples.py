from collections import namedtuple
from typing import NamedTuple

Point = namedtuple("Point", ["x", "y"], defaults=[0])
Row = namedtuple("Row", "id, class_, id2", rename=True)


class Person(NamedTuple):
    """Somebody."""

    name: str
    age: int = 3

    def older(self):
        return self._replace(age=self.age + 1)


def main():
    point = Point(1)
    x, y = point
    return [
        point, x, y, point.x, point._asdict(), point._replace(y=5), Point._make([7, 8]), Point._fields,
        repr(point), Person("Ann").older(), repr(Person("Bob", 9)), Person("Eve").older()._asdict(), Row(1, 2, 3).id,
        point == (1, 0), Person._fields, Person("x")[0], Point._field_defaults,
    ]

# ends: returned [[1, 0], 1, 0, 1, {"x": 1, "y": 0}, [1, 5], [7, 8], ["x", "y"], "Point(x=1, y=0)", ["Ann", 4], "Person(name='Bob', age=9)", {"name": "Eve", "age": 4}, 1, true, ["name", "age"], "x", {"y": 0}]
