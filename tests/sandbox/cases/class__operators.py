class Vector:
    def __init__(self, *parts):
        self.parts = parts

    def __add__(self, other):
        return Vector(*(a + b for a, b in zip(self.parts, other.parts)))

    def __radd__(self, other):
        return self if other == 0 else NotImplemented

    def __iadd__(self, other):
        self.parts = tuple(a + b for a, b in zip(self.parts, other.parts))
        return self

    def __mul__(self, factor):
        return Vector(*(factor * part for part in self.parts))

    __rmul__ = __mul__

    def __matmul__(self, other):
        return sum(a * b for a, b in zip(self.parts, other.parts))

    def __neg__(self):
        return self * -1

    def __abs__(self):
        return (self @ self) ** 0.5

    def __eq__(self, other):
        return self.parts == other.parts

    def __lt__(self, other):
        return abs(self) < abs(other)

    def __len__(self):
        return len(self.parts)

    def __getitem__(self, index):
        return self.parts[index]

    def __contains__(self, value):
        return value in self.parts

    def __iter__(self):
        return iter(self.parts)

    def __bool__(self):
        return any(self.parts)

    def __call__(self, index):
        return self[index]

    def __repr__(self):
        return f"Vector{self.parts}"

    def __index__(self):
        return 7

    def __round__(self, digits=0):
        return Vector(*(round(part, digits) for part in self.parts))


def main():
    v, w = Vector(1, 2), Vector(3, 4)
    u = Vector(0, 0)
    u += v
    return [
        repr(v + w),
        repr(sum([v, w])),
        repr(2 * v),
        v @ w,
        repr(-v),
        abs(w),
        v == Vector(1, 2),
        v != w,
        repr(max(v, w)),
        len(v),
        v[-1],
        3 in w,
        list(w),
        bool(Vector(0)),
        w(0),
        repr(u),
        hex(v),
        repr(round(Vector(1.26, 2.0), 1)),
    ]

# ends: returned ["Vector(4, 6)", "Vector(4, 6)", "Vector(2, 4)", 11, "Vector(-1, -2)", 5.0, true, true, "Vector(3, 4)", 2, 2, true, [3, 4], false, 3, "Vector(1, 2)", "0x7", "Vector(1.3, 2.0)"]
