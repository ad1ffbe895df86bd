"""The bases are written one by one."""


def main():
    class A(*[dict]):
        pass

# ends: rejected 5:13 SYNTAX_NOT_SUPPORTED
