"""A generator that does not close."""


def main():
    def stubborn():
        while True:
            try:
                yield 1
            except GeneratorExit:
                pass
    g = stubborn()
    next(g)
    try:
        g.close()
    except RuntimeError as error:
        return str(error)

# ends: returned "generator ignored GeneratorExit"
