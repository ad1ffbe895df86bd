from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress

log = []


@contextmanager
def opened(name):
    log.append(f"open {name}")
    try:
        yield name.upper()
    finally:
        log.append(f"close {name}")


class Closable:
    def close(self):
        log.append("closed")


def main():
    with opened("a") as upper, suppress(KeyError):
        log.append(upper)
        {}["x"]
    with closing(Closable()), nullcontext(5) as five:
        log.append(five)
    with ExitStack() as stack:
        names = [stack.enter_context(opened(each)) for each in "xy"]
        stack.callback(log.append, "callback")
    return [log, names]

# ends: returned [["open a", "A", "close a", 5, "closed", "open x", "open y", "callback", "close y", "close x"], ["X", "Y"]]
