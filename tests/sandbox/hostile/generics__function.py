"""Type parameters are evaluated in scopes of their own."""


def main():
    def f[T](x: T) -> T:
        return x

# ends: rejected 5:10 SYNTAX_ERROR
# ends from 3.12: rejected 5:11 SYNTAX_NOT_SUPPORTED
