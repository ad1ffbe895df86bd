"""A context manager carries its function, which shows no globals."""


def main():
    from contextlib import contextmanager
    @contextmanager
    def f():
        yield
    return hasattr(f().func, "__globals__")

# ends: returned false
