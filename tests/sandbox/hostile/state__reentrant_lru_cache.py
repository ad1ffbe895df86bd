"""A cached function that changes its cache."""


def main():
    from functools import lru_cache
    @lru_cache(maxsize=2)
    def f(n):
        f.cache_clear()
        return n and f(n - 1)
    return f(5)

# ends: returned 0
