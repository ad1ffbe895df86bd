"""The text of an exception is asked for once more, and its own fault is not ours."""


def main():
    class Out(BaseException):
        def __str__(self):
            raise Out
    raise Out

# ends: faulted Out: an exception that cannot be shown
