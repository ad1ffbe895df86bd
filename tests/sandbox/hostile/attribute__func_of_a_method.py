"""A bound method carries its function."""


def main():
    class A:
        def f(self):
            pass
    return A().f.__func__.__globals__

# ends: rejected 8:12 ATTRIBUTE_NOT_ALLOWED; 8:12 ATTRIBUTE_NOT_ALLOWED
