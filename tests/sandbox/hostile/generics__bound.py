"""The bound of a type parameter is evaluated later."""


def main():
    def f[T: main.__globals__](x):
        return x

# ends: rejected 5:10 SYNTAX_ERROR
# ends from 3.12: rejected 5:11 SYNTAX_NOT_SUPPORTED
