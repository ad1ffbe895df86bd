import functools


def twice(function):
    @functools.wraps(function)
    def call(*args, **kwargs):
        return [function(*args, **kwargs) for _ in range(2)]

    return call


def named(name):
    def apply(thing):
        thing.label = name
        return thing

    return apply


@named("outer")
@twice
def add(a, b=1, *rest, key=0, **more):
    """Adds."""
    return a + b + sum(rest) + key + sum(more.values())


@named("class")
class Thing:
    pass


def main():
    return [add(1), add(1, 2, 3, key=4, x=5), add.__name__, add.__doc__, add.label, Thing.label]

# ends: returned [[2, 2], [15, 15], "add", "Adds.", "outer", "class"]
