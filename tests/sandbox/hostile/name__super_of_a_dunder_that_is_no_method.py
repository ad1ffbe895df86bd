"""Only methods of protocols are reached through super."""


def main():
    class A:
        def f(self):
            return super().__class__
    return A().f()

# ends: faulted TypeError: main returned a Kind; values must be JSON-able
