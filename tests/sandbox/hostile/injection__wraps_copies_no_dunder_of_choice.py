"""Which attributes are copied is not to be chosen."""


def main():
    from functools import wraps
    return wraps(main, assigned=("__globals__",))(lambda: 1)

# ends: faulted TypeError: wraps() got an unexpected keyword argument 'assigned'
