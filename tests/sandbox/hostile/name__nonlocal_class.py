"""A nonlocal statement names what it binds."""


def main():
    class A:
        def f(self):
            nonlocal __class__
            return super().f()

# ends: rejected 7:13 NAME_NOT_ALLOWED
