"""What pickle and copy call."""


def main():
    class A:
        def __reduce_ex__(self, version):
            return print, ("copied",)

# ends: rejected 6:9 NAME_NOT_ALLOWED
