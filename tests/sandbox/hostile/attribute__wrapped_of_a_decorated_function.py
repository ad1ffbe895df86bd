"""The function beneath a decorator."""


def main():
    from functools import lru_cache
    @lru_cache
    def f():
        return 1
    return f.__wrapped__.__globals__

# ends: rejected 9:12 ATTRIBUTE_NOT_ALLOWED; 9:12 ATTRIBUTE_NOT_ALLOWED
