"""The text of an exception is asked for once more, and its own fault is not ours."""


def main():
    class Out(Exception):
        def __str__(self):
            raise KeyError("x")
    raise Out

# ends: faulted Out: an exception that cannot be shown
