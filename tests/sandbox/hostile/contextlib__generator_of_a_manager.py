"""A context manager carries its generator, which shows no frame."""


def main():
    from contextlib import contextmanager
    @contextmanager
    def f():
        yield
    return hasattr(f().gen, "gi_frame")

# ends: returned false
