"""A context manager is handed the traceback; it cannot be read."""


def main():
    class Catch:
        def __enter__(self):
            return self
        def __exit__(self, kind, error, traceback):
            found.append([hasattr(traceback, name) for name in ("tb_frame", "tb_next", "tb_lasti", "tb_lineno")])
            return True
    found = []
    with Catch():
        1 / 0
    return found

# ends: returned [[false, false, false, false]]
