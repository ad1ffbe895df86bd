"""Exceptions within exceptions."""


def main():
    error = ValueError(0)
    for n in range(1000):
        try:
            raise ValueError(n) from error
        except ValueError as next_error:
            error = next_error
    raise error

# ends: faulted ValueError: 999
