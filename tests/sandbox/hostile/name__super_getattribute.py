"""Only methods of protocols are reached through super."""


def main():
    class A:
        def f(self):
            return super().__getattribute__("__class__")
    return A().f()

# ends: rejected 7:20 ATTRIBUTE_NOT_ALLOWED
