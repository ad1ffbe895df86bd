def numbers(limit):
    total = 0
    while total < limit:
        got = yield total
        total += got or 1
    return "done"


def chain(*sources):
    for source in sources:
        result = yield from source
        if result:
            yield result


def guarded():
    try:
        yield 1
        yield 2
    except ValueError:
        yield "caught"
    finally:
        closed.append(True)


closed = []


def main():
    generator = numbers(10)
    taken = [next(generator), generator.send(3), next(generator)]
    watched = guarded()
    first = next(watched)
    caught = watched.throw(ValueError("x"))
    watched.close()
    ended = next(iter(()), "default")
    try:
        while True:
            next(generator)
    except StopIteration as stop:
        value = stop.value
    return [taken, list(chain(numbers(3), "ab")), first, caught, closed, ended, value]

# ends: returned [[0, 3, 4], [0, 1, 2, "done", "a", "b"], 1, "caught", [true], "default", "done"]
