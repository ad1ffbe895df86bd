import bisect
import heapq
from abc import ABC, abstractmethod


class Shape(ABC):
    @abstractmethod
    def area(self):
        """Return it."""


class Square(Shape):
    def __init__(self, side):
        self.side = side

    def area(self):
        return self.side**2


def main():
    try:
        Shape()
    except TypeError as error:
        abstract = type(error).__name__
    numbers = [1, 3, 5]
    bisect.insort(numbers, 4)
    heap = [5, 1, 4]
    heapq.heapify(heap)
    heapq.heappush(heap, 0)
    return [
        Square(3).area(), abstract, numbers, bisect.bisect_left(numbers, 3), heapq.heappop(heap),
        heapq.nlargest(2, [1, 9, 3]), list(heapq.merge([1, 4], [2, 3])),
    ]

# ends: returned [9, "TypeError", [1, 3, 4, 5], 1, 0, [9, 3], [1, 2, 3, 4]]
