"""A generator takes a traceback to raise with."""


def main():
    class Catch:
        def __enter__(self):
            return self
        def __exit__(self, kind, error, traceback):
            kept.append(traceback)
            return True
    kept = []
    with Catch():
        1 / 0
    g = (n for n in [1])
    try:
        g.throw(ValueError, ValueError("x"), kept[0])
    except ValueError as error:
        return str(error)

# ends: returned "x"
