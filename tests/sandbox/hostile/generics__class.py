"""Type parameters are evaluated in scopes of their own."""


def main():
    class A[T]:
        pass

# ends: rejected 5:12 SYNTAX_ERROR
# ends from 3.12: rejected 5:13 SYNTAX_NOT_SUPPORTED
