level = "module"


class Outer:
    level = "outer"
    doubled = level * 2
    squares = [n * n for n in range(3)]
    if level == "outer":
        chosen = True

    class Inner:
        level = "inner"

    def method(self):
        return level

    __call__ = method


def main():
    return [Outer.doubled, Outer.squares, Outer.chosen, Outer.Inner.level, Outer().method(), Outer()()]

# ends: returned ["outerouter", [0, 1, 4], true, "inner", "module", "module"]
