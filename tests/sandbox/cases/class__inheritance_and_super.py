class Base:
    def __init__(self, name):
        self.name = name

    def greet(self):
        return f"I am {self.name}"

    def __eq__(self, other):
        return isinstance(other, Base) and self.name == other.name

    def __hash__(self):
        return hash(self.name)


class Left(Base):
    def greet(self):
        return super().greet() + " (left)"


class Right(Base):
    def __init__(self, name, side="right"):
        super().__init__(name)
        self.side = side

    def greet(self):
        return super().greet() + f" ({self.side})"


class Both(Left, Right):
    def greet(self):
        return super().greet() + " (both)"

    def __eq__(self, other):
        return super().__eq__(other) and self.side == other.side

    __hash__ = None


def main():
    both = Both("x")
    return [
        both.greet(),
        both == Both("x"),
        both == Both("y"),
        Base("a") == Right("a"),
        issubclass(Both, Base),
        len({Base("a"), Base("a")}),
        both.side,
    ]

# ends: returned ["I am x (right) (left) (both)", true, false, true, true, 1, "right"]
